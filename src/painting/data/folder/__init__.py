"""Listing of a folder of captioned pictures: names, captions and labels; no picture is opened here."""
