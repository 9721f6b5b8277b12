"""Background texts: everyday things, by which is measured how near the captions of any world a foreign text comes."""

_NOUN_LIST = """
dog car house person man woman child city street building computer phone table chair book bird fish horse cow sheep
airplane train bus bicycle boat ship bridge road mountain river beach ocean sea lake island desert snow rain storm
night moon star planet robot machine engine knife fork spoon plate bowl cup bottle pizza bread cake cheese meat egg
apple banana sandwich coffee tea beer wine shirt dress shoe hat glasses watch clock key door window room kitchen bed
sofa lamp television camera guitar piano drum violin music dance ball football tennis game toy doll soldier king queen
knight dragon castle church temple tower market school hospital office factory doctor teacher police money coin letter
newspaper map flag sword gun bomb fire smoke ice glass metal stone wood paper plastic gold wolf bear lion monkey snake
spider frog mouse rabbit pig chicken duck eagle shark whale
"""
_ADJECTIVE_TURNS = (
    "",
    "red ",
    "big ",
    "blue ",
    "old ",
    "white ",
    "small ",
    "black ",
    "yellow ",
    "nice ",
    "green ",
    "wooden ",
)

BACKGROUND_WORDS = tuple(_NOUN_LIST.split())
BACKGROUND_PROMPTS = tuple(
    f"a {_ADJECTIVE_TURNS[index % len(_ADJECTIVE_TURNS)]}{noun}" for index, noun in enumerate(BACKGROUND_WORDS)
)
