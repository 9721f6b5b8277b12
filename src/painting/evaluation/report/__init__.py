"""Reports of an evaluation: `report.json` with every figure, and `report.html`, one self-contained file."""
