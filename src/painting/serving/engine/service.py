"""`PaintService`: answers the requests of all APIs with files."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from painting.paint.painter import Painter
from painting.paint.prompt_embedding import PromptEmbedding
from painting.paint.validation import MIN_MORPH_STEPS, check_whole
from painting.serving.auth import Client
from painting.serving.engine.catalog import PainterCatalog
from painting.serving.engine.client_choices import ModelChoices
from painting.serving.engine.encoding import check_size, checked_background
from painting.serving.engine.image_request import AnimationFile, AnimationRequest, ImageFile, ImageRequest
from painting.serving.engine.lane import Lane
from painting.serving.engine.renderer import Renderer
from painting.serving.errors import ClientDisconnected, Rejected
from painting.serving.metrics import Metrics
from painting.serving.rate_limit import rate_limiter
from painting.serving.settings import Settings


class PaintService:
    """Answers requests: finds the painter, checks the request and the server's limits, and has it rendered.

    Thread-safe. `record_prompts` is called with the normalised prompts as keyword arguments, before they are painted.
    """

    def __init__(
        self,
        catalog: PainterCatalog,
        renderer: Renderer,
        settings: Settings,
        metrics: Metrics,
        record_prompts: Callable[..., None],
    ) -> None:
        self.catalog = catalog
        self.renderer = renderer
        self.metrics = metrics
        self._settings = settings
        self._record_prompts = record_prompts

    def answer(self, requested: ImageRequest, client: Client) -> list[ImageFile]:
        """Paint a client's pictures, or take them from the cache.

        Raises NotFound, InvalidRequest, ServerBusy, RateLimited, ClientDisconnected and the painter's errors.
        """
        painter = self.catalog.painter(requested.painter)
        checked = painter.request(requested.prompt, requested.count, requested.seed, requested.options)
        self._record_prompts(prompt=checked.prompt)
        check_whole(requested.count, "count", 1, self._settings.max_pictures)
        check_size(requested.format.size, requested.count, self._settings.max_side)
        format = checked_background(requested.format, painter.has_alpha, painter.name)
        with self._count_failures():
            return self.renderer.paint(checked, format, client)

    def answer_morph(self, requested: AnimationRequest, client: Client) -> AnimationFile:
        """Paint a client's morph; raises what `answer` raises."""
        painter = self.catalog.painter(requested.painter)
        checked = painter.morph_request(
            requested.prompt,
            requested.to_prompt,
            requested.seed,
            requested.to_seed,
            requested.options,
            requested.to_variation,
        )
        self._record_prompts(prompt=checked.start.prompt, to_prompt=checked.end.prompt)
        check_whole(requested.steps, "number of steps", MIN_MORPH_STEPS, self._settings.max_frames)
        with self._count_failures():
            return self.renderer.paint_morph(checked, requested, client)

    def embed(self, prompts: Sequence[str], painter_name: str | None) -> tuple[Painter, list[PromptEmbedding]]:
        """Encode prompts by a painter's text encoder; raises NotFound and InvalidRequest."""
        painter = self.catalog.painter(painter_name)
        embeddings = [painter.embed(prompt) for prompt in prompts]
        self._record_prompts(prompt="\n".join(embedding.prompt for embedding in embeddings))
        return painter, embeddings

    @contextmanager
    def _count_failures(self) -> Iterator[None]:
        try:
            yield
        except Rejected as rejection:
            self.metrics.count_rejected(rejection.http_status)
            raise
        except ClientDisconnected:
            self.metrics.count_disconnected()
            raise


def build_service(
    painters: Sequence[Painter],
    settings: Settings,
    on_crash: Callable[[], None],
    choices: ModelChoices,
    record_prompts: Callable[..., None],
) -> PaintService:
    """Assemble the service of some painters; raises InvalidRequest for two of one name.

    `on_crash`: called when a worker's thread dies. `choices`: the clients' choices among the painters.
    """
    catalog = PainterCatalog(painters, choices)
    metrics = Metrics(painter.name for painter in painters)
    limiter = rate_limiter(settings)
    lanes = {painter.name: Lane(painter, settings, metrics, limiter, on_crash) for painter in painters}
    return PaintService(catalog, Renderer(lanes, settings, metrics), settings, metrics, record_prompts)
