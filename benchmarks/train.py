"""How many images a second TAC-GAN learns from: our training loop beside a plain one, and where the time of each goes.

    python -m benchmarks.train [--data FOLDER] [--batch 64] [--rounds 7] [--threads 2] [--json FILE]

Both sides run at the same time on the same pictures and take turns, a step each, so that whatever else the machine does
meets both; README.md beside this file says what each side does and what the numbers do not say.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
from benchmarks.measuring import Apart, Clock, Lap, Spread, machine, ratios, spread, take_turns
from benchmarks.plain_loop import PicturesFromDisk, PlainLoop
from torch import Tensor, nn
from torch.optim import Optimizer

from painting.data.attributes import class_columns
from painting.data.prepared import PreparedSet, prepare
from painting.data.shapes.scenes import ALL_SCENES, captions_of, draw_scenes
from painting.errors import DataError, PaintingError
from painting.images import to_pil
from painting.text.encoder import TextEncoder
from painting.training.config.gan import TacGanPreset
from painting.training.dataset.batches import TrainingData
from painting.training.gan import stage, tac_gan
from painting.training.gan.tac_gan import TacGanNetworks, TacGanStage
from painting.training.optim import optimizer_step, update_ema
from painting.training.preset_loader import load_preset
from painting.training.registry import build_recipe
from painting.training.rng import RngKey

WARM_UP = 1
DRAWN_PICTURES = 512
EPOCHS = (1, 10, 200)
CPU = torch.device("cpu")
PARTS = (
    ("pictures", "reading pictures"),
    ("text", "encoding captions"),
    ("generator forward", "generator, forward"),
    ("discriminator forward", "discriminator, forward"),
    ("discriminator backward", "backward, discriminator's moves"),
    ("generator backward", "backward, generator's move"),
    ("optimisers", "Adam"),
    ("average", "average of the weights"),
    ("rest", "rest"),
)


class OurSide:
    """A step of the stage that `painting train --preset tac-gan` trains, begun as there and watched from outside."""

    def __init__(self, preset: TacGanPreset, data: TrainingData) -> None:
        recipe = build_recipe(preset, data)
        networks, stage = recipe.networks, recipe.stages[0]
        assert isinstance(networks, TacGanNetworks) and isinstance(stage, TacGanStage)
        self.seed, self.stage, self.clock = preset.seed, stage, Clock()
        stage.setup()
        for method in ("select", "pictures", "targets"):
            self.clock.watch(stage.batches, method, "pictures")
        self.clock.watch(stage.batches, "text", "text")
        self.clock.watch(networks.generator, "forward", "generator forward")
        for method in ("features", "logits", "classify"):
            self.clock.watch(networks.discriminator, method, "discriminator forward")
        for optimizer in stage.optimizers.values():
            self.clock.watch(optimizer, "step", "optimisers")

    def __call__(self, number: int) -> Lap:
        key = RngKey(self.seed, self.stage.name, number)
        with (
            patch.object(tac_gan, "optimizer_step", self._descend),
            patch.object(stage, "update_ema", self._update_average),
        ):
            return self.clock.lap(lambda: self.stage.step(key))

    def _descend(self, loss: Tensor, optimizer: Optimizer) -> None:
        player = next(name for name, its in self.stage.optimizers.items() if its is optimizer)
        with self.clock.part(f"{player} backward"):
            optimizer_step(loss, optimizer)

    def _update_average(self, average: nn.Module, network: nn.Module, decay: float) -> None:
        with self.clock.part("average"):
            update_ema(average, network, decay)


class PlainSide:
    """A step of the plain loop on the files of the same pictures."""

    def __init__(self, preset: TacGanPreset, data: PreparedSet, encoder: TextEncoder) -> None:
        clock = self.clock = Clock()
        classes = [data.attributes[place] for place in class_columns(data.attributes)]
        pictures = PicturesFromDisk(data.examples, classes, encoder, preset.data.size)
        clock.watch(encoder, "encode", "text")
        self.loop = PlainLoop(preset, pictures, clock)
        clock.watch(self.loop.generator, "forward", "generator forward")
        clock.watch(self.loop.discriminator, "forward", "discriminator forward")
        for optimizer in (self.loop.generator_adam, self.loop.discriminator_adam):
            clock.watch(optimizer, "step", "optimisers")

    def __call__(self, number: int) -> Lap:
        return self.clock.lap(self.loop.step)


@dataclass(frozen=True)
class Preparation:
    """What is done once before our side begins: the seconds of it, and how many pictures and captions were prepared."""

    seconds: float
    pictures: int
    captions: int


def draw_folder(folder: Path, count: int, size: int) -> None:
    """Write `count` drawn pictures of `size` px as JPEG, with captions and labels in metadata.jsonl."""
    random = np.random.default_rng(0)
    scenes = [ALL_SCENES[place] for place in random.integers(len(ALL_SCENES), size=count)]
    lines = []
    for number, scene in enumerate(scenes):
        name = f"{number:05d}.jpg"
        to_pil(draw_scenes([scene], random.uniform(-1, 1, (1, 2)), size)[0]).save(folder / name, quality=90)
        lines.append(json.dumps({"file_name": name, "captions": captions_of(scene), **asdict(scene)}))
    (folder / "metadata.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def prepared(preset: TacGanPreset, folder: Path, cache: Path) -> tuple[PreparedSet, TextEncoder]:
    """A folder made ready in a cache, or taken from it, and the text encoder."""
    encoder = TextEncoder.load(str(preset.data.text_encoder))
    return prepare(folder, preset.data.size, preset.data.views, encoder, cache), encoder


def prepare_and_time(preset: TacGanPreset, folder: Path, cache: Path) -> Preparation:
    """Make a folder ready in an empty cache; raises DataError, also where there are too few pictures for a batch."""
    begun = time.perf_counter()
    data, _ = prepared(preset, folder, cache)
    seconds, captions = time.perf_counter() - begun, data.summary["different_captions"]
    if len(data.examples) < preset.gan.batch:
        raise DataError(f"{len(data.examples)} pictures are less than a batch of {preset.gan.batch}")
    assert isinstance(captions, int)
    return Preparation(seconds, len(data.examples), captions)


def begin_ours(preset: TacGanPreset, folder: Path, cache: Path, threads: int) -> OurSide:
    """Our side, on a folder that is prepared."""
    torch.set_num_threads(threads)
    data, encoder = prepared(preset, folder, cache)
    return OurSide(preset, TrainingData.of(data, encoder, CPU, cache))


def begin_plain(preset: TacGanPreset, folder: Path, cache: Path, threads: int) -> PlainSide:
    """The plain side, on the files of the same folder."""
    torch.set_num_threads(threads)
    return PlainSide(preset, *prepared(preset, folder, cache))


def compare(preset: TacGanPreset, folder: Path, rounds: int, threads: int) -> dict[str, Any]:
    """Prepare, let both sides take turns, each in a process of its own, and return all that is reported."""
    with tempfile.TemporaryDirectory() as cache:
        given = (preset, folder, Path(cache), threads)
        preparation = prepare_and_time(preset, folder, Path(cache))
        with Apart(begin_ours, *given) as ours, Apart(begin_plain, *given) as plain:
            our_laps, plain_laps = take_turns([ours, plain], rounds, WARM_UP)
    return summary(our_laps, plain_laps, preset.gan.batch, preparation)


def summary(ours: Sequence[Lap], plain: Sequence[Lap], batch: int, preparation: Preparation) -> dict[str, Any]:
    """All that is reported of these steps of `batch` images, milliseconds being those an image takes."""
    seconds = [[lap.seconds for lap in side] for side in (ours, plain)]
    processor_seconds = [[lap.processor_seconds for lap in side] for side in (ours, plain)]
    found: dict[str, Any] = {"batch": batch, "rounds": len(ours), "preparation": asdict(preparation)}
    for name, side, times in zip(("ours", "plain"), (ours, plain), seconds, strict=True):
        parts = {key: 1000 * median(lap.parts.get(key, 0.0) for lap in side) / batch for key, _ in PARTS}
        processor = 1000 * median(lap.processor_seconds for lap in side) / batch
        pace = asdict(spread([batch / t for t in times]))
        found[name] = {"images_per_second": pace, "processor_ms": processor, "parts_ms": parts}
    prepared_once = preparation.seconds / preparation.pictures * batch  # a step's share, if used for a single epoch
    return found | {
        "times_faster": asdict(ratios(seconds[1], seconds[0])),
        "times_faster_processor_time": asdict(ratios(processor_seconds[1], processor_seconds[0])),
        "times_faster_with_preparation": {
            epochs: ratios(seconds[1], [t + prepared_once / epochs for t in seconds[0]]).median for epochs in EPOCHS
        },
    }


def report(found: dict[str, Any]) -> str:
    """The summary as a table for people."""
    ours, plain, preparation = found["ours"], found["plain"], found["preparation"]
    counted = ", ".join(f"{n} epochs: {ratio:.2f}" for n, ratio in found["times_faster_with_preparation"].items())
    lines = [
        f"images/s, median (quartiles) of {found['rounds']} steps of {found['batch']} images, one side after the other",
        f"  our loop                    {Spread(**ours['images_per_second'])}",
        f"  plain loop                  {Spread(**plain['images_per_second'])}",
        f"  times faster                {Spread(**found['times_faster'])}",
        f"  the same in processor time  {Spread(**found['times_faster_processor_time'])}",
        "",
        f"{'where the time goes, ms an image':34}{'ours':>9}{'plain':>9}",
    ]
    for key, name in PARTS:
        lines.append(f"  {name:32}{ours['parts_ms'][key]:9.1f}{plain['parts_ms'][key]:9.1f}")
    lines.append(f"  {'all, in processor time':32}{ours['processor_ms']:9.1f}{plain['processor_ms']:9.1f}")
    lines += [
        "",
        f"prepared once, for our loop: {preparation['pictures']} pictures and {preparation['captions']} different "
        f"captions in {preparation['seconds']:.1f} s",
        f"times faster with that counted, if trained for {counted}",
    ]
    return "\n".join(lines)


def chosen_preset(text_encoder: str, batch: int) -> TacGanPreset:
    """The bundled preset with another text encoder and batch."""
    preset = load_preset("tac-gan")
    assert isinstance(preset, TacGanPreset)
    data, gan = replace(preset.data, text_encoder=text_encoder), replace(preset.gan, batch=batch)
    return replace(preset, data=data, gan=gan)


def main() -> None:
    """Measure, print, and write the JSON file, where one is named."""
    parser = argparse.ArgumentParser(description="TAC-GAN's training loop beside a plain one: images a second.")
    parser.add_argument("--data", type=Path, help="a folder of captioned pictures (default: drawn ones)")
    parser.add_argument("--text-encoder", default="minilm-l6", help="of both sides (default: minilm-l6)")
    parser.add_argument("--batch", type=int, default=64, help="images a step, at least 2 (default: 64)")
    parser.add_argument("--rounds", type=int, default=7, help="measured steps of each side, at least 3 (default: 7)")
    parser.add_argument("--threads", type=int, default=2, help="threads of torch and ONNX Runtime (default: 2)")
    parser.add_argument("--json", type=Path, help="also write what was found as JSON")
    given = parser.parse_args()
    if given.batch < 2 or given.rounds < 3 or given.threads < 1:
        parser.error("at least 2 images a step, 3 rounds and 1 thread")
    preset = chosen_preset(given.text_encoder, given.batch)
    with tempfile.TemporaryDirectory() as drawn:
        if given.data is None:
            draw_folder(Path(drawn), max(DRAWN_PICTURES, given.batch), preset.data.size)
        try:
            found = compare(preset, given.data or Path(drawn), given.rounds, given.threads)
        except PaintingError as problem:
            parser.error(str(problem))
    data = given.data.resolve().name if given.data else "drawn"
    found = {"data": data, "text_encoder": given.text_encoder, **machine(given.threads), **found}
    print(report(found))
    if given.json:
        given.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
