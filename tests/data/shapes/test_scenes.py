from collections import Counter

import numpy as np
import pytest

from painting.data.shapes.scenes import (
    ALL_SCENES,
    BACKGROUND_COLORS,
    SHAPE_COLORS,
    SHAPE_DISTANCES,
    SHAPE_RADII,
    UNSEEN_PAIRS,
    Scene,
    captions_of,
    coverage,
    draw_scenes,
)


def test_a_scene_is_drawn_in_its_colors() -> None:
    picture = draw_scenes([Scene("large", "red", "circle", "blue")], np.zeros((1, 2)), 32)[0]
    assert tuple(picture[16, 16]) == SHAPE_COLORS["red"]
    assert tuple(picture[0, 0]) == BACKGROUND_COLORS["blue"]


def test_a_circle_covers_the_area_of_a_circle() -> None:
    covered = coverage("circle", np.array([8.0]), np.full((1, 2), 16, np.float32), 32)
    assert covered.sum() == pytest.approx(np.pi * 64, rel=0.01)


def test_edges_are_smooth() -> None:
    covered = coverage("star", np.array([10.0]), np.full((1, 2), 16, np.float32), 32)
    assert ((covered > 0.05) & (covered < 0.95)).sum() > 20


@pytest.mark.parametrize("shape", SHAPE_DISTANCES)
def test_every_shape_stays_inside_the_picture(shape: str) -> None:
    scenes = [Scene("large", "red", shape, "white")] * 4
    corners = np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)])
    pictures = draw_scenes(scenes, corners, 64).astype(int)
    border = np.concatenate([pictures[:, 0], pictures[:, -1], pictures[:, :, 0], pictures[:, :, -1]], axis=1)
    assert (np.abs(border - BACKGROUND_COLORS["white"]).max(axis=2) > 128).mean() < 0.02


def test_a_shape_never_has_the_color_of_its_background() -> None:
    assert all(scene.color != scene.background for scene in ALL_SCENES)
    assert len(ALL_SCENES) == len(SHAPE_RADII) * len(SHAPE_DISTANCES) * (len(SHAPE_COLORS) * len(BACKGROUND_COLORS) - 2)


def test_unseen_pairs_are_one_in_six_and_leave_every_color_and_shape_frequent() -> None:
    assert len(set(UNSEEN_PAIRS)) * 6 == len(SHAPE_COLORS) * len(SHAPE_DISTANCES)
    colors, shapes = Counter(color for color, _ in UNSEEN_PAIRS), Counter(shape for _, shape in UNSEEN_PAIRS)
    assert all(colors[color] == 1 for color in SHAPE_COLORS)
    assert all(1 <= shapes[shape] <= 2 for shape in SHAPE_DISTANCES)


@pytest.mark.parametrize("scene", ALL_SCENES[:: len(ALL_SCENES) // 20])
def test_captions_describe_what_is_drawn(scene: Scene) -> None:
    captions = captions_of(scene)
    assert len(set(captions)) == len(captions) >= 5
    assert all(scene.color in caption and scene.shape in caption for caption in captions)
    assert scene.size in captions[0] and f"on a {scene.background} background" in captions[0]


def test_orange_takes_the_right_article() -> None:
    captions = captions_of(Scene("small", "orange", "ring", "gray"))
    assert "an orange ring" in captions and not any("a orange" in caption for caption in captions)
