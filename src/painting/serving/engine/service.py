"""What all APIs ask: pictures and morphs of this server's painters, from the caches or painted now."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np

from painting.errors import InvalidRequest
from painting.images import FloatArray, UInt8Array
from painting.interpolation import PROBE_COUNT, paint_evenly
from painting.morph import Morph, MorphRequest
from painting.paint_request import PaintRequest
from painting.painter import Painter
from painting.serving.auth import Client
from painting.serving.engine.admission import Admission
from painting.serving.engine.batcher import PaintingThread, Watchers
from painting.serving.engine.client_choices import Choices
from painting.serving.engine.encoding import MOST_PIXELS, PictureFormat, check_pixels
from painting.serving.engine.image_request import Order
from painting.serving.engine.jobs import Job
from painting.serving.engine.lru_cache import ByteCache
from painting.serving.engine.pixel_budget import PixelRoom
from painting.serving.errors import ClientDisconnected, NotFound, Rejected, ServerBusy
from painting.serving.metrics import Metrics
from painting.serving.rate_limit import RateLimiter, rate_limiter
from painting.serving.settings import Settings
from painting.validation import check_whole

MIB = 1 << 20
OTHERS_NAMES = ("dall-e", "gpt-image", "chatgpt-image")  # what OpenAI's clients ask for when nobody chose


@dataclass(frozen=True)
class Place:
    """A painter at work: its thread, and who may wait for it."""

    painter: Painter
    thread: PaintingThread
    admission: Admission


class PaintService:
    """Paints for many threads with one or several painters, and keeps what may be asked for again.

    `choices`: what clients chose, shared with the server's other processes where there are any.
    """

    def __init__(
        self, painters: Sequence[Painter], settings: Settings, died: Callable[[], None], choices: Choices | None = None
    ) -> None:
        """Take painters, which begin with `start`; `died` is called when one ends by mistake."""
        self.settings, self.metrics = settings, Metrics()
        self.choices = choices or Choices()
        self._limit: RateLimiter | None = rate_limiter(settings)
        self._pictures: ByteCache[bytes] = ByteCache(settings.picture_cache_mib * MIB, len)
        self._vectors: ByteCache[FloatArray] = ByteCache(settings.text_cache_mib * MIB, lambda vector: vector.nbytes)
        self._room = PixelRoom(MOST_PIXELS)
        self._places: dict[str, Place] = {}
        for painter in painters:
            if painter.name in self._places:
                raise InvalidRequest(f"two painters have the name '{painter.name}': serve one of them")
            self._places[painter.name] = self._place(painter, died)

    def start(self) -> None:
        """Warm every painter up and let it begin; raises what a painter raises."""
        for place in self._places.values():
            if place.painter.conditional:
                place.painter.text_vector("a picture")
            place.thread.start()

    def close(self) -> None:
        """Let the painters' threads end."""
        for place in self._places.values():
            place.thread.close()

    @property
    def painters(self) -> list[Painter]:
        """All painters, the default one first."""
        return [place.painter for place in self._places.values()]

    @property
    def alive(self) -> bool:
        """Whether every painter's thread lives and goes on."""
        return all(place.thread.alive for place in self._places.values())

    @property
    def healthy(self) -> bool:
        """Whether every painter can paint now, as far as is known."""
        return all(place.thread.healthy for place in self._places.values())

    def painter(self, name: str | None = None) -> Painter:
        """The painter of a name; None, and OpenAI's own names, mean the default one. Raises NotFound."""
        if name in self._places:
            return self._places[name].painter
        if not name or name.startswith(OTHERS_NAMES):
            return self.painters[0]
        known = ", ".join(self._places)
        raise NotFound(f"there is no painter {name[:100]!r} here: ask for one of {known}")

    def choose(self, client: Client, painter: Painter) -> None:
        """Remember which painter paints for a client that names none."""
        self.choices.put(client.identity, list(self._places).index(painter.name))

    def chosen(self, client: Client) -> str | None:
        """The painter that a client chose, if it is remembered."""
        place = self.choices.get(client.identity)
        return None if place is None else list(self._places)[place]

    def order(self, request: PaintRequest, format: PictureFormat | None = None) -> Order:
        """Check what a request may cost; raises InvalidRequest."""
        order = Order(request, format or PictureFormat(), self.painter(request.painter).size)
        check_whole(len(request.seeds), "count", 1, self.settings.max_pictures)
        check_pixels(order.format.size, len(request.seeds))
        return order

    def paint(self, order: Order, client: Client) -> list[bytes]:
        """Return the files of an order's pictures; raises ServerBusy, RateLimited, ClientDisconnected."""
        files = {index: self._pictures.get(order.key(index)) for index in range(len(order.request.seeds))}
        missing = [index for index, file in files.items() if file is None]
        self.metrics.count_cache("pictures", len(files) - len(missing), len(missing))
        if missing:
            width, height = order.size
            with self.room(len(missing) * width * height):
                files |= self._made(order, missing, client)
        return [file for file in files.values() if file is not None]

    def _made(self, order: Order, missing: list[int], client: Client) -> dict[int, bytes]:
        """Those files of an order that are not kept, which they are from now on."""
        pictures = self._paint([order.request.single(index) for index in missing], client)
        files = dict(zip(missing, self._encoded(order, missing, pictures), strict=True))
        for index, file in files.items():
            self._pictures.put(order.key(index), file)
        return files

    def _encoded(self, order: Order, indices: list[int], pictures: UInt8Array) -> list[bytes]:
        """The files of painted pictures, made side by side; a lone one is made here."""
        if len(indices) == 1:
            return [order.file(indices[0], pictures[0])]
        with ThreadPoolExecutor(min(len(indices), self.settings.own_threads), "encoding") as encoders:
            return list(encoders.map(order.file, indices, pictures))

    @contextmanager
    def room(self, pixels: int) -> Iterator[None]:
        """Hold room for pictures from the first stroke until their files are made; raises ServerBusy."""
        try:
            self._room.take(pixels)
        except ServerBusy as refusal:
            self.metrics.count_rejected(refusal.http_status)
            raise
        try:
            yield
        finally:
            self._room.give_back(pixels)

    def paint_morph(self, request: MorphRequest, steps: int, client: Client) -> Morph:
        """A morph's frames, as `Painter.paint_morph` paints them; raises what `paint` raises."""
        check_whole(steps, "number of steps", 2, self.settings.max_frames)
        place = self._places[request.painter]
        with self._admitted(place, steps + PROBE_COUNT - 2, client) as deadline:

            def paint_at(positions: Sequence[float]) -> UInt8Array:
                rows = place.painter.rows_between(request, positions, partial(self._vector, place.painter))
                # Once begun, it is finished: only its first picture can be too late.
                return place.thread.paint(Job(*rows, deadline if positions[0] == 0 else np.inf, client.connection))

            positions, frames = paint_evenly(paint_at, steps)
        return Morph(frames, request, positions)

    def _place(self, painter: Painter, died: Callable[[], None]) -> Place:
        watchers = Watchers(partial(self.metrics.observe_batch, painter.name), died)
        thread = PaintingThread(painter, self.settings.max_batch_size, watchers)
        told = partial(self.metrics.set_queued, painter.name)
        limits = self.settings.deadline_seconds, self.settings.max_queue
        return Place(painter, thread, Admission(lambda: thread.pace, *limits, told))

    def _paint(self, singles: Sequence[PaintRequest], client: Client) -> UInt8Array:
        """Paint requests of one picture each that differ in seed and subseed alone: uint8 (N, H, W, 3)."""
        place = self._places[singles[0].painter]
        with self._admitted(place, len(singles), client) as deadline:
            latents = np.concatenate([single.latents(place.painter.latent_size) for single in singles])
            vector = singles[0].text_vector(partial(self._vector, place.painter))
            vectors = None if vector is None else np.repeat(vector[None], len(latents), axis=0)
            return place.thread.paint(Job(latents, vectors, deadline, client.connection))

    @contextmanager
    def _admitted(self, place: Place, pictures: int, client: Client) -> Iterator[float]:
        """Hold a place, and count the pictures as the client's: yields the time by which they must be begun."""
        try:
            with place.admission.place(pictures) as deadline:
                if self._limit:
                    self._limit.take(client.identity, pictures)
                yield deadline
        except Rejected as refusal:
            self.metrics.count_rejected(refusal.http_status)
            raise
        except ClientDisconnected:
            self.metrics.count_disconnected()
            raise

    def _vector(self, painter: Painter, prompt: str) -> FloatArray:
        """A prompt's text vector (E,), from the cache if it is there."""
        vector = self._vectors.get((painter.name, prompt))
        self.metrics.count_cache("texts", int(vector is not None), int(vector is None))
        if vector is None:
            vector = painter.text_vector(prompt)
            self._vectors.put((painter.name, prompt), vector)
        return vector
