"""Painter files come back as they were written; whatever is damaged, foreign or not plain is refused in one line."""

import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from painting.errors import PainterFileError
from painting.files import painter_file
from painting.files.archive import sha256
from painting.files.painter_file import PainterManifest
from painting.images import encode_png, encode_still_webp, grid
from painting.paint.painter import Painter

SAMPLES = np.zeros((3, 16, 16, 3), np.uint8)


def refusal(path: Path) -> str:
    """The one line that reading and loading a file is refused with."""
    with pytest.raises(PainterFileError) as caught:
        Painter.load(path)
    start, message = f"cannot use the painter file {path}: ", str(caught.value)
    assert message.startswith(start) and "\n" not in message
    return message.removeprefix(start)


def members_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def with_generator(path: Path, change: Callable[[onnx.ModelProto], None]) -> Path:
    """Change a file's generator and make all hashes right again, as an attacker would."""
    members = members_of(path)
    model = onnx.load_model_from_string(members["generator.onnx"])
    change(model)
    members["generator.onnx"] = model.SerializeToString()
    return with_manifest(path, members, {})


def with_manifest(path: Path, members: dict[str, bytes], fields: dict[str, object]) -> Path:
    hashes = {name: sha256(content) for name, content in members.items() if name != "painter.json"}
    described = json.loads(members["painter.json"]) | {"members": hashes} | fields
    return rewrite(path, members | {"painter.json": json.dumps(described).encode()})


def test_what_is_written_is_read(tmp_path: Path, tiny_painter: Path) -> None:
    first = painter_file.read(tiny_painter)
    manifest = replace(first.manifest, card={"frechet": 12.5, "data": {"name": "fleurs d'été"}})
    painter_file.write(tmp_path / "copy.painter", manifest, first.generator, SAMPLES)
    again = painter_file.read(tmp_path / "copy.painter")
    assert replace(again.manifest, members={}) == replace(manifest, members={})
    assert again.generator == first.generator
    assert again.samples_webp == encode_still_webp(grid(SAMPLES, columns=8))


def test_the_same_content_gives_the_same_bytes(tmp_path: Path, tiny_painter: Path) -> None:
    file = painter_file.read(tiny_painter)
    for name in ("a", "b"):
        painter_file.write(tmp_path / name, file.manifest, file.generator, SAMPLES)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_members_are_deflated(tiny_painter: Path) -> None:
    with zipfile.ZipFile(tiny_painter) as archive:
        kinds = {info.filename: info.compress_type for info in archive.infolist()}
    assert kinds == dict.fromkeys(["painter.json", "generator.onnx", "samples.webp"], zipfile.ZIP_DEFLATED)


def test_a_renamed_file_paints_under_its_own_name(tiny_painter: Path, tmp_path: Path) -> None:
    renamed = tiny_painter.rename(tmp_path / "holiday.zip")
    assert Painter.load(renamed).name == "tiny"


def test_a_truncated_file_is_refused_wherever_it_ends(unconditional_painter: Path) -> None:
    content = unconditional_painter.read_bytes()
    for length in [0, 1, 4, 30, *range(50, len(content), len(content) // 40), len(content) - 1]:
        unconditional_painter.write_bytes(content[:length])
        assert "not a readable zip" in refusal(unconditional_painter)


def test_a_changed_byte_anywhere_is_refused_or_harmless(unconditional_painter: Path) -> None:
    content = unconditional_painter.read_bytes()
    honest = painter_file.read(unconditional_painter)
    refused = 0
    places = [*range(0, len(content), len(content) // 150), *range(len(content) - 250, len(content), 2)]
    for place in places:
        unconditional_painter.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        try:
            assert painter_file.read(unconditional_painter) == honest
        except PainterFileError as problem:
            refused += 1
            assert "\n" not in str(problem)
    assert refused > len(places) // 2  # the rest are dates and the like in the zip's own records


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes(1000),
        encode_png(SAMPLES[0]),
        pickle.dumps({"weights": [1]}),
        b"PK\x03\x04",
        b"PK\x05\x06" + bytes(18),
    ],
    ids=["empty", "zeros", "png", "pickle", "start of a zip", "empty zip"],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foreign.painter"
    path.write_bytes(content)
    assert refusal(path)


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    path = rewrite(tmp_path / "foreign.painter", {"holiday.txt": b"sun"})
    assert refusal(path) == "it has no generator.onnx, painter.json, samples.webp"


@pytest.mark.parametrize("name", ["evil.py", "../painter.json", "/etc/passwd", "PAINTER.JSON"])
def test_an_extra_member_is_refused(tiny_painter: Path, name: str) -> None:
    rewrite(tiny_painter, members_of(tiny_painter) | {name: b"x"})
    assert "unexpected members" in refusal(tiny_painter)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_twice_is_refused(tiny_painter: Path) -> None:
    with zipfile.ZipFile(tiny_painter, "a") as archive:
        archive.writestr("generator.onnx", b"another")
    assert "unexpected members" in refusal(tiny_painter)


@pytest.mark.parametrize("name", ["painter.json", "generator.onnx", "samples.webp"])
def test_a_missing_member_is_refused(tiny_painter: Path, name: str) -> None:
    rewrite(tiny_painter, {member: content for member, content in members_of(tiny_painter).items() if member != name})
    assert refusal(tiny_painter) == f"it has no {name}"


@pytest.mark.parametrize("name", ["generator.onnx", "samples.webp"])
def test_a_member_that_is_not_the_one_it_was_made_with_is_refused(tiny_painter: Path, name: str) -> None:
    members = members_of(tiny_painter)
    content = bytearray(members[name])
    content[len(content) // 2] ^= 1
    rewrite(tiny_painter, members | {name: bytes(content)})
    assert f"{name} is not the one it was made with" in refusal(tiny_painter)


def test_a_decompression_bomb_is_refused_unread(tiny_painter: Path) -> None:
    bomb = members_of(tiny_painter) | {"samples.webp": bytes(1 << 25)}
    rewrite(tiny_painter, bomb, zipfile.ZIP_DEFLATED)
    assert "claims to unpack from" in refusal(tiny_painter)
    rewrite(tiny_painter, members_of(tiny_painter) | {"painter.json": b" " * (1 << 24)})
    assert "at most 8388608 are allowed" in refusal(tiny_painter)


@pytest.mark.parametrize(("width", "height"), [(16_383, 16_383), (8_193, 4_096), (0, 8)])
def test_samples_that_would_take_a_browser_s_memory_are_refused_by_their_header(
    tiny_painter: Path, width: int, height: int
) -> None:
    members = members_of(tiny_painter)
    webp = members["samples.webp"]
    resized = webp[:26] + struct.pack("<HH", width, height) + webp[30:]
    with_manifest(tiny_painter, members | {"samples.webp": resized}, {})
    assert f"its samples.webp claims {width} × {height} px" in refusal(tiny_painter)


def test_samples_without_their_header_first_are_refused(tiny_painter: Path) -> None:
    members = members_of(tiny_painter)
    webp = members["samples.webp"]
    for content in (webp[:25], webp[:12] + b"VP8X" + webp[16:], encode_png(SAMPLES[0])):
        with_manifest(tiny_painter, members | {"samples.webp": content}, {})
        assert refusal(tiny_painter) == "its samples.webp is not a lossy WebP without metadata"


def test_a_manifest_that_makes_no_sense_is_refused(tiny_painter: Path) -> None:
    members = members_of(tiny_painter)
    with_manifest(tiny_painter, members, {"picture_size": "16"})
    assert "'picture_size' must be a whole number from 1 to 4096" in refusal(tiny_painter)
    with_manifest(tiny_painter, members, {"members": {"generator.onnx": "0"}})
    assert "its list of members" in refusal(tiny_painter)


def test_a_generator_that_is_not_onnx_is_refused(tiny_painter: Path) -> None:
    with_manifest(tiny_painter, members_of(tiny_painter) | {"generator.onnx": b"torch"}, {})
    assert "generator" in refusal(tiny_painter) or "graph" in refusal(tiny_painter)


def test_custom_operators_are_refused(tiny_painter: Path) -> None:
    def change(model: onnx.ModelProto) -> None:
        model.graph.node[0].domain = "com.example"
        model.opset_import.append(helper.make_opsetid("com.example", 1))

    assert "custom operators (com.example)" in refusal(with_generator(tiny_painter, change))


@pytest.mark.parametrize("operator", ["If", "Loop", "Scan", "RandomNormal", "StringConcat", "NoSuchOperator"])
def test_operators_beyond_the_plain_ones_are_refused(tiny_painter: Path, operator: str) -> None:
    def change(model: onnx.ModelProto) -> None:
        model.graph.node[0].op_type = operator

    assert refusal(with_generator(tiny_painter, change)).endswith(f"not allowed: {operator}")


def test_graphs_inside_operators_are_refused(tiny_painter: Path) -> None:
    def change(model: onnx.ModelProto) -> None:
        inner = helper.make_graph([], "inner", [], [])
        model.graph.node[0].attribute.append(helper.make_attribute("body", inner))

    assert "graphs inside operators" in refusal(with_generator(tiny_painter, change))


def test_weights_outside_the_file_are_refused(tiny_painter: Path) -> None:
    def change(model: onnx.ModelProto) -> None:
        tensor = model.graph.initializer[0]
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value="/etc/passwd")

    assert "weights outside itself" in refusal(with_generator(tiny_painter, change))


def test_other_inputs_outputs_and_shapes_are_refused(tiny_painter: Path) -> None:
    original = tiny_painter.read_bytes()

    def rename_input(model: onnx.ModelProto) -> None:
        model.graph.input[0].name = "noise"

    def retype_input(model: onnx.ModelProto) -> None:
        model.graph.input[0].type.tensor_type.elem_type = TensorProto.DOUBLE

    def reshape_input(model: onnx.ModelProto) -> None:
        model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 9

    def drop_text(model: onnx.ModelProto) -> None:
        del model.graph.input[1]

    def flatten_output(model: onnx.ModelProto) -> None:
        del model.graph.output[0].type.tensor_type.shape.dim[3]

    def widen_output(model: onnx.ModelProto) -> None:
        model.graph.output[0].type.tensor_type.shape.dim[3].dim_value = 5

    for change in (rename_input, retype_input, reshape_input, drop_text, flatten_output, widen_output):
        tiny_painter.write_bytes(original)
        assert refusal(with_generator(tiny_painter, change)).startswith("its graph's ")


def test_a_graph_that_does_not_fit_together_is_refused(tiny_painter: Path) -> None:
    def change(model: onnx.ModelProto) -> None:
        model.graph.node[0].input[0] = "nowhere"

    assert "its input 'nowhere' is nowhere" in refusal(with_generator(tiny_painter, change))


def test_pictures_of_another_size_than_promised_are_an_error_in_one_line(tiny_painter: Path) -> None:
    def change(model: onnx.ModelProto) -> None:
        for tensor in model.graph.initializer:
            if tensor.name == "shape":
                tensor.CopyFrom(onnx.numpy_helper.from_array(np.array([-1, 8, 8, 3]), "shape"))

    painter = Painter.load(with_generator(tiny_painter, change))
    with pytest.raises(PainterFileError, match="the painter 'tiny'"):
        painter.paint("a rose", 1, 1)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.painter"):
        with pytest.raises(PainterFileError, match="cannot be read"):
            painter_file.read(path)


def test_writing_refuses_what_reading_would_refuse(tmp_path: Path, tiny_painter: Path) -> None:
    file = painter_file.read(tiny_painter)
    path = tmp_path / "bad.painter"
    for manifest in (
        replace(file.manifest, picture_size=32),
        replace(file.manifest, name=""),
        replace(file.manifest, card={"loss": float("nan")}),
        PainterManifest("plain", 16, 8),
    ):
        with pytest.raises(PainterFileError):
            painter_file.write(path, manifest, file.generator, SAMPLES)
    with pytest.raises(PainterFileError, match="No such file"):
        painter_file.write(tmp_path / "no" / "folder", file.manifest, file.generator, SAMPLES)
    assert not path.exists()
