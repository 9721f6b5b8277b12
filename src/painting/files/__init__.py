"""File formats with untrusted bytes: painter files, zip archives, JSON, ONNX and protocol buffers."""
