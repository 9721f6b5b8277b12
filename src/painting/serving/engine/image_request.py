"""A checked request for pictures, and the files to make of them."""

from dataclasses import dataclass

from painting import __version__
from painting.images import UInt8Array
from painting.paint_request import PaintRequest
from painting.serving.engine.encoding import PictureFormat


@dataclass(frozen=True)
class Order:
    """Pictures to paint, the files to make of them, and the side in px that the painter gives them."""

    request: PaintRequest
    format: PictureFormat
    side: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in px of the files' pictures."""
        return self.format.size or (self.side, self.side)

    def key(self, index: int) -> tuple[object, ...]:
        """What decides how a picture's file looks."""
        return self.request.single(index), self.format

    def file(self, index: int, picture: UInt8Array) -> bytes:
        """The file of a painted picture (H, W, 3)."""
        return self.format.encode(picture, self.text(index))

    def text(self, index: int) -> dict[str, str]:
        """What a picture's file says about itself: our own words, and those that AUTOMATIC1111's readers know."""
        return {**self.request.text(index), "parameters": self.infotext(index)}

    def infotext(self, index: int) -> str:
        """A picture in AUTOMATIC1111's words: the prompt, and a line of keys and values."""
        request, (width, height) = self.request, self.size
        said = {
            "Steps": "1",
            "Sampler": "GAN",
            "Seed": str(request.seeds[index]),
            "Size": f"{width}x{height}",
            "Model": request.painter.replace(",", " "),
        }
        if request.subseeds:
            said |= {"Variation seed": str(request.subseeds[index])}
            said |= {"Variation seed strength": str(request.options.subseed_strength)}
        said["Version"] = f"painting {__version__}"
        return f"{request.prompt or ''}\n{', '.join(f'{key}: {value}' for key, value in said.items())}"
