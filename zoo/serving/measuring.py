"""What is counted of the requests, for Prometheus; of several workers together."""

import os

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which workers leave their counts: to be set before this is imported."""
CONTENT_TYPE = CONTENT_TYPE_LATEST

REQUESTS = Counter("zoo_requests", "Requests that were answered.", ["what", "status"])
SECONDS = Histogram(
    "zoo_request_seconds",
    "How long an answer took, from the head of a request to the end of its answer.",
    ["what"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
IMAGES = Counter("zoo_images", "Images that a model has read.", ["model"])


def page() -> bytes:
    """Return the counts as Prometheus reads them."""
    registry = REGISTRY
    if FOLDER in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return generate_latest(registry)
