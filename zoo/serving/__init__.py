"""The models over HTTP: the REST API of TensorFlow Serving, and a page on which one draws in a browser."""
