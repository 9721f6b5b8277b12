"""Pictures and their captions: read from folders or drawn, checked, split, prepared and cached."""
