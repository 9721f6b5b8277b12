"""`PaintService`: answers the requests of all APIs with files."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from painting.painter import Painter
from painting.serving.auth import Client
from painting.serving.engine.catalog import PainterCatalog
from painting.serving.engine.client_choices import ModelChoices
from painting.serving.engine.encoding import check_size
from painting.serving.engine.image_request import AnimationFile, AnimationRequest, ImageFile, ImageRequest
from painting.serving.engine.lane import Lane
from painting.serving.engine.renderer import Renderer
from painting.serving.errors import ClientDisconnected, Rejected
from painting.serving.metrics import Metrics
from painting.serving.rate_limit import rate_limiter
from painting.serving.settings import Settings
from painting.validation import MIN_MORPH_STEPS, check_whole


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

    def answer(self, wanted: ImageRequest, client: Client) -> list[ImageFile]:
        """Paint a client's pictures, or take them from the cache.

        Raises NotFound, InvalidRequest, ServerBusy, RateLimited, ClientDisconnected and what the painter raises.
        """
        painter = self.catalog.painter(wanted.painter)
        request = painter.request(wanted.prompt, wanted.count, wanted.seed, wanted.options)
        self._record_prompts(prompt=request.prompt)
        check_whole(wanted.count, "count", 1, self._settings.max_pictures)
        check_size(wanted.format.size, wanted.count, self._settings.max_side)
        with self._count_failures():
            return self.renderer.paint(request, wanted.format, client)

    def answer_morph(self, wanted: AnimationRequest, client: Client) -> AnimationFile:
        """Paint a client's morph; raises what `answer` raises."""
        painter = self.catalog.painter(wanted.painter)
        request = painter.morph_request(
            wanted.prompt, wanted.to_prompt, wanted.seed, wanted.to_seed, wanted.options, wanted.to_variation
        )
        self._record_prompts(prompt=request.start.prompt, to_prompt=request.end.prompt)
        check_whole(wanted.steps, "number of steps", MIN_MORPH_STEPS, self._settings.max_frames)
        with self._count_failures():
            return self.renderer.paint_morph(request, wanted, client)

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
    metrics = Metrics()
    limiter = rate_limiter(settings)
    lanes = {painter.name: Lane(painter, settings, metrics, limiter, on_crash) for painter in painters}
    return PaintService(catalog, Renderer(lanes, settings, metrics), settings, metrics, record_prompts)
