"""`Renderer`: from checked requests to files, by the cache or by painting and encoding.

N counts pictures, H and W are a picture's sides in px, C is 3 for RGB and 4 for RGBA.
"""

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from painting.images import UInt8Array
from painting.paint.interpolation import PROBE_COUNT, paint_evenly
from painting.paint.morph import Morph, MorphRequest
from painting.paint.paint_request import PaintRequest
from painting.serving.auth import Client
from painting.serving.engine.batcher import Job
from painting.serving.engine.encoding import PictureFormat
from painting.serving.engine.image_request import AnimationFile, AnimationRequest, ImageFile, encode_file
from painting.serving.engine.lane import Lane
from painting.serving.engine.lru_cache import ByteCache
from painting.serving.engine.pixel_budget import PixelBudget
from painting.serving.metrics import Metrics
from painting.serving.settings import Settings

MIB_BYTES = 1 << 20


class Renderer:
    """Paints in the lanes of several painters, and caches files; thread-safe.

    `lanes`: by the painter's name. Painting raises ServerBusy, RateLimited, ClientDisconnected
    and the painter's errors.
    """

    def __init__(self, lanes: Mapping[str, Lane], settings: Settings, metrics: Metrics) -> None:
        self._lanes = lanes
        self._metrics = metrics
        self._encoder_threads = settings.own_threads
        self._files = ByteCache(settings.picture_cache_mib * MIB_BYTES)
        self._pixel_budget = PixelBudget(settings.deadline_seconds)

    def start(self) -> None:
        """Warm every painter up and start its worker; raises what a painter raises."""
        for lane in self._lanes.values():
            lane.start()

    def close(self) -> None:
        """End every worker when its queue is empty."""
        for lane in self._lanes.values():
            lane.worker.close()

    @property
    def alive(self) -> bool:
        """Whether no worker has died or hangs."""
        return all(lane.worker.alive for lane in self._lanes.values())

    @property
    def healthy(self) -> bool:
        """Whether every painter can paint now, as far as is known."""
        return all(lane.worker.healthy for lane in self._lanes.values())

    def paint(self, request: PaintRequest, format: PictureFormat, client: Client) -> list[ImageFile]:
        """Return the files of a request's pictures, in its order."""
        lane = self._lanes[request.painter]
        fitting = format.fitting((lane.painter.size, lane.painter.size))
        self._pixel_budget.reserve(len(request.seeds) * math.prod(fitting.size), client)
        singles = [request.single(index) for index in range(len(request.seeds))]
        cached = [(single, self._files.get((single, format))) for single in singles]
        contents = {single: content for single, content in cached if content is not None}
        misses = [single for single in singles if single not in contents]
        self._metrics.count_cache("pictures", len(contents), len(misses))
        if misses:
            pictures = self._paint_singles(lane, misses, client)
            contents |= self._encode(misses, format, pictures)
        return [ImageFile(contents[single], single, format, fitting) for single in singles]

    def paint_morph(self, request: MorphRequest, animation: AnimationRequest, client: Client) -> AnimationFile:
        """Return a morph's frames, as `Painter.paint_morph` paints them, as an animated file."""
        lane = self._lanes[request.painter]
        self._pixel_budget.reserve(animation.steps * lane.painter.size**2, client)
        morph = self._paint_frames(lane, request, animation.steps, client)
        if animation.kind == "gif":
            return AnimationFile(morph.gif(animation.ms_a_frame, animation.loop), request)
        return AnimationFile(morph.webp(animation.ms_a_frame, animation.loop, animation.lossless), request)

    def _paint_singles(self, lane: Lane, singles: Sequence[PaintRequest], client: Client) -> UInt8Array:
        """Paint requests of one picture each, which differ in seed and subseed alone: uint8 (N, H, W, C)."""
        with lane.admit(len(singles), client) as deadline:
            latents = np.concatenate([single.latents(lane.painter.latent_size) for single in singles])
            vector = singles[0].text_vector(lane.painter.text_vector)
            vectors = None if vector is None else np.repeat(vector[None], len(singles), axis=0)
            return lane.worker.paint(Job(latents, vectors, deadline, client))

    def _paint_frames(self, lane: Lane, request: MorphRequest, steps: int, client: Client) -> Morph:
        with lane.admit(steps + PROBE_COUNT - 2, client) as deadline:

            def paint_at(positions: Sequence[float]) -> UInt8Array:
                rows = lane.painter.rows_between(request, positions)
                # Once begun, a morph is finished: only its first picture can miss the deadline.
                job_deadline = deadline if positions[0] == 0 else math.inf
                return lane.worker.paint(Job(*rows, job_deadline, client))

            positions, frames = paint_evenly(paint_at, steps)
        return Morph(frames, request, positions)

    def _encode(
        self, singles: Sequence[PaintRequest], format: PictureFormat, pictures: UInt8Array
    ) -> dict[PaintRequest, bytes]:
        """Encode painted pictures (N, H, W, C) in parallel, and cache the files."""
        if len(singles) == 1:
            encoded = [encode_file(singles[0], pictures[0], format)]
        else:
            # A pool a request, not a shared one: leaving it waits for every file begun, even after an error, so that
            # the pixel budget is given back only then; and a small request never queues behind a large one's files.
            with ThreadPoolExecutor(min(len(singles), self._encoder_threads), "encoding") as encoders:
                encoded = list(encoders.map(partial(encode_file, format=format), singles, pictures))
        contents = dict(zip(singles, encoded, strict=True))
        for single, content in contents.items():
            self._files.put((single, format), content)
        return contents
