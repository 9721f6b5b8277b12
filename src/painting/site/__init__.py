"""Static sites: the page, painters and their text encoders as files, which paint in the visitor's browser."""
