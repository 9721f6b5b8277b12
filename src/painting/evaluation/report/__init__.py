"""What is told of an evaluation: `report.json` with every figure, and `report.html`, one file that opens anywhere."""
