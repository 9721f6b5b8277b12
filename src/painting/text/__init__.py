"""Text encoders: ONNX inference, file format, and lookup by name."""
