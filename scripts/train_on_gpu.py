"""Train on a GPU that is lent for minutes, without a network, in calls of a few minutes each.

    python -m scripts.train_on_gpu pack my-flowers gpu.tar.gz      # here: code, weights and pictures in one file
    tar -xf gpu.tar.gz && python3 gpu/train_on_gpu.py train        # there, twice: the second call resumes and exports

`train` begins `run`, or resumes it, stops it in time with all saved, makes a painter where it can, and copies weights,
statistics and sample grids to `--out`. `--rehearse 0.01` does the same on the CPU with that share of the images.
"""

import argparse
import os
import shutil
import signal
import sys
import tarfile
import threading
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent / "src" / "painting"
LEFT_OUT = ("__pycache__", "static", "*.painter", "mnist")  # training needs none of them
MAX_FILES = 2  # of each kind in --out
KINDS = ("stats.jsonl", "pictures/*.png", "saved/*-progress.png", "saved/networks/*.safetensors")


def pack(folder: Path, output: Path) -> None:
    """Pack code, the published weights that training needs, and a folder of pictures, as it is, into one archive."""
    from painting.models.published import LITE0_PACKAGE, verify_package

    published = verify_package(LITE0_PACKAGE, "Packing").parents[1]
    ignored = shutil.ignore_patterns(*LEFT_OUT)

    def kept(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
        return None if ignored("", [Path(member.name).name]) else member

    with tarfile.open(output, "w:gz") as archive:
        archive.add(__file__, "gpu/train_on_gpu.py")
        archive.add(PACKAGE, "gpu/painting", filter=kept)
        archive.add(published, f"gpu/{published.name}", filter=kept)
        archive.add(folder, "gpu/pictures")
    print(f"Packed {output}: {output.stat().st_size / 2**20:.1f} MiB")


def train_call(options: argparse.Namespace) -> None:
    """Train for `call_minutes` at most, export where there is something to paint with, and copy what came of it."""
    from painting.errors import TrainingError
    from painting.training import train
    from painting.training.export.exporter import export_run
    from painting.training.loop import Interrupted
    from painting.training.run.folder import RunFolder

    stop = threading.Timer(60 * options.call_minutes, os.kill, (os.getpid(), signal.SIGINT))
    stop.daemon = True
    stop.start()
    try:
        if RunFolder(options.run).exists():
            train(run=options.run)
        elif options.rehearse:
            shortened = shortened_stages(options.preset, options.rehearse)
            train(options.folder, options.preset, options.run, device="cpu", threads=1, **shortened)
        else:
            train(options.folder, options.preset, options.run, device="cuda", minutes=options.minutes)
    except Interrupted:
        print("Stopped and saved: the next call resumes.")
    except (TrainingError, KeyboardInterrupt) as error:  # what there is must be copied: the machine goes
        print(f"Ended early: {error or type(error).__name__}")
    finally:
        stop.cancel()
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        export_run(options.run, options.out / "gpu.painter")
    except TrainingError as error:
        print(f"No painter yet: {error}")
    copy_results(options.run, options.out)


def shortened_stages(preset: str, share: float) -> dict[str, Any]:
    """Overrides by which each stage of a preset trains on a share of its images, its warm-up too."""
    from painting.training.preset_loader import load_preset

    stages = {name: table for name, table in load_preset(preset).as_dict().items() if isinstance(table, dict)}
    return {
        name: {key: share * table[key] for key in ("kimg", "warmup_kimg") if key in table}
        for name, table in stages.items()
        if "kimg" in table
    }


def copy_results(run: Path, out: Path) -> None:
    """Copy the newest files of each kind: few and small enough to be sent back."""
    for pattern in KINDS:
        newest = sorted(run.glob(pattern), key=lambda path: path.stat().st_mtime_ns)[-MAX_FILES:]
        for path in newest:
            shutil.copy(path, out / path.name)
            print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


def main(arguments: list[str] | None = None) -> None:
    """Run a command of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    packing = commands.add_parser("pack")
    packing.add_argument("folder", type=Path)
    packing.add_argument("output", type=Path)
    training = commands.add_parser("train")
    training.add_argument("--folder", type=Path, default=HERE / "pictures")
    training.add_argument("--preset", default="large", help="a name or a .toml file")
    training.add_argument("--run", type=Path, default=HERE / "run")
    training.add_argument("--out", type=Path, default=Path(os.environ.get("OUT", "out")))
    training.add_argument("--minutes", type=float, default=9.5, help="of the whole training, all calls together")
    training.add_argument("--call-minutes", type=float, default=5.0, help="of training in this call")
    training.add_argument("--rehearse", type=float, metavar="SHARE", help="on the CPU, with that share of the images")
    options = parser.parse_args(arguments)
    if options.command == "pack":
        pack(options.folder, options.output)
    else:
        train_call(options)


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))  # of an unpacked archive: the package lies beside this file
    main()
