"""What each figure says, in a sentence for a reader who has never heard of it."""

from painting.evaluation.figure import Figure

MEANINGS = (
    ("real half against half", "The same distance between two halves of the real pictures: less cannot be expected."),
    ("FID", "How far painted pictures as a whole lie from real ones; real is the floor that real pictures reach."),
    ("Fréchet distance", "How far painted pictures as a whole lie from real ones; real is the floor of real pictures."),
    ("KID", "Such a distance too, unbiased on few pictures: the one to choose by. 0: no difference."),
    ("Inception Score", "How surely each picture shows some kind, and how many kinds there are in all."),
    ("R-precision", "How often the own prompt fits a picture best among others drawn at random."),
    ("precision", "The share of painted pictures that lie among real ones."),
    ("recall", "The share of real pictures that lie among painted ones: it falls when kinds are left out."),
    ("density", "How thickly painted pictures lie among real ones; 1 is as thick as real ones."),
    ("coverage", "The share of real pictures with a painted one nearby: it falls when kinds are left out."),
    ("MS-SSIM", "How alike pictures of one kind, or of one prompt, look; more than real: too little variety."),
    ("CLIP score", "How well pictures fit their prompts, by CLIP."),
    ("alignment", "How far prompts are followed: 0 is not at all, 1 as well as real pictures follow their captions."),
    ("C_T", "Whether pictures lie closer to training pictures than unseen real ones do; below −3: it copies."),
    (
        "closer than real",
        "The share of pictures closer to a training picture than 99% of unseen real ones: 1% is usual.",
    ),
    (
        "diversity at one prompt",
        "How much pictures of one prompt differ, by seed alone; near 0: the latent is ignored.",
    ),
    ("sharpness", "How much fine detail there is; far less than real: blurred; far more: noisy."),
    ("left out", "The share of all kinds that are hardly ever painted, though they are asked for."),
    ("read back together", "The share of pictures in which a classifier reads all that the prompt asked for."),
    ("read back", "The share of pictures in which a classifier reads what the prompt asked for."),
    ("read with confidence", "The share of pictures that a classifier reads surely."),
    ("share of the rarest", "How often the rarest kind is painted."),
    ("share of the commonest", "How often the commonest kind is painted."),
)


def meaning(figure: Figure) -> str:
    """The sentence for a figure; none for one that is not known here."""
    return next((sentence for part, sentence in MEANINGS if part in figure.name), "")
