"""Tiny painters whose pictures depend on latents and text, made in milliseconds without training."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from painting.files import painter_file
from painting.files.painter_file import PainterManifest
from painting.text.encoder import TextEncoder

SIZE, LATENT_SIZE, FEATURES, OPSET = 16, 8, 16, 18

EXPECTED_WARNINGS = (
    "painting.paint.prompt_warnings.PromptTruncated",
    "painting.paint.prompt_warnings.PromptNote",
    "painting.data.prepared.CaptionsNotEnglish",
    "painting.data.prepared.PicturesHidden",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let warnings about a user's own texts be shown; their tests expect them.

    pyproject.toml cannot name them: pytest would import them before the coverage is measured.
    """
    for item in items:
        for warning in EXPECTED_WARNINGS:
            item.add_marker(pytest.mark.filterwarnings(f"default::{warning}"), append=False)


MakePainter = Callable[..., Path]


def tiny_generator(
    width: int | None, size: int = SIZE, latent_size: int = LATENT_SIZE, channels: int = 3
) -> onnx.ModelProto:
    """pictures = sigmoid(tanh(latents A + text vectors B) C) in 0 … 255; without `width` there is no text."""
    draws = np.random.default_rng(0)
    shapes = {"A": (latent_size, FEATURES), "B": (width or 1, FEATURES), "C": (FEATURES, size * size * channels)}
    weights = {name: draws.normal(0, shape[0] ** -0.5, shape).astype(np.float32) for name, shape in shapes.items()}
    constants = {"shape": np.array([-1, size, size, channels]), "white": np.float32(255), **weights}
    inputs = [helper.make_tensor_value_info("latents", TensorProto.FLOAT, ["n", latent_size])]
    nodes = [helper.make_node("MatMul", ["latents", "A"], ["sum"])]
    if width is not None:
        inputs.append(helper.make_tensor_value_info("text_vectors", TensorProto.FLOAT, ["n", width]))
        nodes[0].output[0] = "from_latents"
        nodes += [
            helper.make_node("MatMul", ["text_vectors", "B"], ["from_text"]),
            helper.make_node("Add", ["from_latents", "from_text"], ["sum"]),
        ]
    nodes += [
        helper.make_node("Tanh", ["sum"], ["features"]),
        helper.make_node("MatMul", ["features", "C"], ["logits"]),
        helper.make_node("Sigmoid", ["logits"], ["light"]),
        helper.make_node("Mul", ["light", "white"], ["levels"]),
        helper.make_node("Round", ["levels"], ["rounded"]),
        helper.make_node("Cast", ["rounded"], ["bytes"], to=TensorProto.UINT8),
        helper.make_node("Reshape", ["bytes", "shape"], ["pictures"]),
    ]
    initializers = [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    outputs = [helper.make_tensor_value_info("pictures", TensorProto.UINT8, ["n", size, size, channels])]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)


@pytest.fixture(scope="session")
def text_encoder() -> TextEncoder:
    """The bundled text encoder, loaded once."""
    return TextEncoder.load()


def painter_maker(folder: Path, text_encoder: TextEncoder) -> MakePainter:
    """A function that writes a tiny painter file: name, conditional, generator, encoder, channels, manifest fields."""

    def make(
        name: str = "tiny",
        conditional: bool = True,
        generator: onnx.ModelProto | None = None,
        encoder: TextEncoder = text_encoder,
        channels: int = 3,
        **fields: object,
    ) -> Path:
        width = encoder.width if conditional else None
        described: dict[str, object] = {"name": name, "picture_size": SIZE, "latent_size": LATENT_SIZE}
        if width is not None:
            described |= {
                "text_encoder_id": encoder.id,
                "text_encoder_sha256": encoder.sha256,
                "caption_mean": (0.0,) * width,
                "caption_std": (0.05,) * width,
                "example_prompts": ("a red rose", "a yellow tulip"),
            }
        described |= {"card": {"data": "random weights, for tests"}} | fields
        graph = generator or tiny_generator(width, channels=channels)
        samples = np.zeros((4, SIZE, SIZE, channels), np.uint8)
        path = folder / f"{name}.painter"
        painter_file.write(path, PainterManifest(**described), graph.SerializeToString(), samples)  # type: ignore[arg-type]
        return path

    return make


@pytest.fixture
def make_painter(tmp_path: Path, text_encoder: TextEncoder) -> MakePainter:
    """A function that writes a tiny painter file for one test."""
    return painter_maker(tmp_path, text_encoder)


@pytest.fixture(scope="session")
def make_lasting_painter(tmp_path_factory: pytest.TempPathFactory, text_encoder: TextEncoder) -> MakePainter:
    """A function that writes a tiny painter file for servers that many tests share."""
    return painter_maker(tmp_path_factory.mktemp("painters"), text_encoder)


@pytest.fixture
def tiny_painter(make_painter: MakePainter) -> Path:
    """A painter file of 16 px that paints from prompts."""
    return make_painter()


@pytest.fixture
def unconditional_painter(make_painter: MakePainter) -> Path:
    """A painter file of 16 px that takes no prompt."""
    return make_painter("plain", conditional=False)


@dataclass(frozen=True)
class ExportedClip:
    """A small CLIP, the user's folder with the text encoder made of it, and what the command said."""

    source: Path
    user_folder: Path
    output: str

    @property
    def folder(self) -> Path:
        """The text encoder's own folder."""
        return self.user_folder / "tiny-clip"


@pytest.fixture(scope="session")
def exported_clip(tmp_path_factory: pytest.TempPathFactory) -> ExportedClip:
    """A text encoder that `painting text-encoder export` made of a small CLIP; once, as tracing takes its time."""
    from tests.tiny_clip import write_clip
    from typer.testing import CliRunner

    from painting.cli import app

    source = write_clip(tmp_path_factory.mktemp("hub") / "Tiny CLIP")
    user_folder = tmp_path_factory.mktemp("user") / "text_encoders"
    environment = {"PAINTING_TEXT_ENCODERS": str(user_folder)}
    result = CliRunner().invoke(app, ["text-encoder", "export", str(source)], env=environment)
    assert result.exit_code == 0, result.output
    return ExportedClip(source, user_folder, result.stdout)


@pytest.fixture(scope="session")
def clip_encoder(exported_clip: ExportedClip) -> TextEncoder:
    """The text encoder made of a small CLIP, loaded once."""
    return TextEncoder.load(exported_clip.folder)
