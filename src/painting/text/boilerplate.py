"""Boiler-plate of prompts: phrases that name quality, medium, camera or site, or request a picture.

They were collected from public prompts for large models. A painter of one world knows none of them, and its text
vector moves by each, away from every caption.
"""

import re

_QUALITY_PHRASES = """
masterpiece; best quality; high quality; top quality; highest quality; good quality; amazing quality; great quality;
normal quality; quality; 2k; 4k; 8k; 16k; uhd; ultra hd; full hd; hd; hdr; hq; hi res; high res; highres; absurdres;
high resolution; ultra high resolution; ultra high res; resolution; 4k resolution; 8k resolution; 1080p; 720p;
detailed; highly detailed; ultra detailed; very detailed; extremely detailed; super detailed; hyper detailed;
insanely detailed; incredibly detailed; intricately detailed; finely detailed; highest detail; high detail;
extreme detail; detailed background; intricate; intricate detail; intricate details; fine details; fine detail;
extreme details; details; sharp; sharp focus; in focus; crisp; clean; best; perfect; flawless; perfect composition;
award winning; award winning photo; award winning photography; award winning photograph; professional; stunning;
beautiful; gorgeous; amazing; awesome; breathtaking; incredible; magnificent; wonderful; lovely; pretty; nice; epic;
elegant; exquisite; aesthetic; very aesthetic; aesthetically pleasing; vibrant; vivid; vibrant colors;
vibrant colours; vivid colors; vivid colours; popular; trending; newest; score; rating; source; up; realistic;
photorealistic; photo realistic; hyperrealistic; hyper realistic; ultra realistic; hyperrealism; photorealism;
realism; lifelike; true to life; smooth; matte; ornate; fantasy; dreamy; ethereal; surreal; magical; mystical;
atmospheric; moody; cinematic; cinematic shot; cinematic composition; movie still; film still; dramatic; solo;
no humans; simple; minimalist; minimalistic; no text; no watermark; safe; sfw; nsfw
"""
_LIGHT_PHRASES = """
cinematic lighting; volumetric lighting; dramatic lighting; studio lighting; soft lighting; natural lighting;
beautiful lighting; perfect lighting; rim lighting; ambient lighting; global illumination; ambient occlusion;
ray tracing; raytracing; ray traced; subsurface scattering; god rays; volumetric fog; golden hour; soft light;
natural light; studio light; lighting; illumination; reflections; bloom effect; lens flare; chromatic aberration
"""
_CAMERA_PHRASES = """
dslr; slr; canon; canon eos; canon eos r5; canon 5d; nikon; nikon d850; sony; sony alpha; sony a7; leica; hasselblad;
fujifilm; fujifilm xt3; fuji; kodak; kodak portra; polaroid; gopro; iphone; lens; macro lens; 35mm; 50mm; 85mm;
100mm; 35mm lens; 50mm lens; 85mm lens; 100mm lens; f 1 4; f 1 8; f 2 8; f1; f2; aperture; iso; bokeh;
depth of field; shallow depth of field; dof; film grain; grain; long exposure; raw; raw photo; raw photograph;
tilt shift; wide angle; fisheye; blurry background; blurred background; photo shoot; photoshoot
"""
_MEDIUM_PHRASES = """
photo; photograph; photography; photographs; photos; picture; pictures; pic; image; images; painting; paintings;
drawing; drawings; sketch; illustration; illustrations; artwork; art; fine art; render; rendering; renderings; 3d;
3d render; cgi; rendered; wallpaper; poster; print; stock photo; stock image; portrait photo; concept art;
digital art; digital painting; digital illustration; official art; fan art; fanart; pixel art; line art; vector art;
oil painting; oil on canvas; acrylic; acrylic painting; watercolor; watercolour; watercolor painting; gouache;
pencil drawing; charcoal drawing; anime; anime style; manga; cartoon; comic; studio ghibli; ghibli; pixar;
disney; cyberpunk; steampunk; art nouveau; art deco; impressionism; impressionist; baroque; renaissance; pop art;
unreal engine; unreal engine 4; unreal engine 5; ue4; ue5; unity; octane; octane render; vray; v ray; redshift;
blender; cinema 4d; c4d; cycles; zbrush; substance painter; photoshop; lightroom; postprocessing; post processing;
trending on artstation; artstation; artstation hq; deviantart; cgsociety; behance; dribbble; pixiv; flickr;
unsplash; shutterstock; pinterest; instagram; national geographic; featured on pixiv; trending on pixiv;
midjourney; stable diffusion; dalle
"""
_REQUEST_PHRASES = """
please; paint me; draw me; show me; give me; make me; paint; draw; generate; create; render me; imagine; i want;
i would like; i need; can you; could you; would you; a picture of; want; need
"""


def _phrases(*lists: str) -> frozenset[tuple[str, ...]]:
    texts = ";".join(lists).split(";")
    return frozenset(tuple(re.findall(r"\w+", text)) for text in texts)


BOILERPLATE_PHRASES = _phrases(_QUALITY_PHRASES, _LIGHT_PHRASES, _CAMERA_PHRASES, _MEDIUM_PHRASES, _REQUEST_PHRASES)
"""Phrases as tuples of words in lower case."""
MAX_PHRASE_WORDS = max(map(len, BOILERPLATE_PHRASES))
