"""The application: which address is answered by what."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from zoo._support.folders import REFERENCE_DIGITS
from zoo.classifier import checked_images
from zoo.errors import ZooError
from zoo.explanation import occlusion_map
from zoo.serving import contract, drawings, measuring
from zoo.serving.batching import Batcher
from zoo.serving.errors import RequestError
from zoo.serving.guard import Guard, body_of
from zoo.serving.models import Models
from zoo.synthetic.digits import draw_digit_on_sheet

PAGE = Path(__file__).parent / "page"
# Bytes of a body from which it is read beside the event loop: images, and drawings, whose strokes may be many.
_LARGE, _LARGE_DRAWING = 64 * 1024, 8 * 1024
_ASIDE = 2  # threads for what takes long: pictures, large bodies, layers, saliency

Value = TypeVar("Value")


def application(models: Models, origins: Sequence[str] = (), threads: int | None = None) -> Guard:
    """Return the application that serves models.

    Args:
        models: loaded.
        origins: of pages of others that may read the answers, such as ``"https://example.org"``; ``"*"`` for all.
        threads: so many compute; by default one a core.
    """
    service = Service(models, threads)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        service.close()

    routes = [
        Route("/health", service.health, methods=["GET"]),
        Route("/metrics", service.metrics, methods=["GET"]),
        Route("/v1/models", service.list_models, methods=["GET"]),
        Route("/v1/digits:compare", service.compare, methods=["POST"]),
        Route("/v1/digits:example", service.example, methods=["GET"]),
        Route("/v1/{path:path}", service.model, methods=["GET", "POST"]),
        Mount("/reference", StaticFiles(directory=REFERENCE_DIGITS)),
        Mount("/", StaticFiles(directory=PAGE, html=True)),
    ]
    shared = [
        Middleware(
            CORSMiddleware, allow_origins=list(origins), allow_methods=["GET", "POST"], allow_headers=["Content-Type"]
        )
    ]
    handlers = {ZooError: _refused, HTTPException: _no_such_address, ClientDisconnect: _gone, Exception: _failed}
    return Guard(
        Starlette(routes=routes, middleware=shared if origins else [], lifespan=lifespan, exception_handlers=handlers)
    )


class Service:
    """What answers the requests. Nothing is kept from one to the next."""

    def __init__(self, models: Models, threads: int | None):
        self._models = models
        self._batcher = Batcher(models.loaded, threads)
        self._aside = ThreadPoolExecutor(_ASIDE, "aside")

    def close(self) -> None:
        """End the threads."""
        self._batcher.close()
        self._aside.shutdown(wait=False, cancel_futures=True)

    async def health(self, request: Request) -> Response:
        """Answer that there is somebody."""
        request.state.what = "health"
        return _json({"status": "ok", "models": len(self._models.loaded), "failed": len(self._models.errors)})

    async def metrics(self, request: Request) -> Response:
        """Answer what was counted."""
        request.state.what = "metrics"
        return Response(measuring.page(), media_type=measuring.CONTENT_TYPE)

    async def list_models(self, request: Request) -> Response:
        """Answer what is known of each model: its ``model.json``, and an error where it cannot be loaded."""
        request.state.what = "models"
        errors = self._models.errors
        return _json(
            {
                "models": [
                    {"name": card.name, "version": card.version, "title": card.title, **card.metadata}
                    | ({"error": errors[card.name]} if card.name in errors else {})
                    for card in self._models.cards.values()
                ]
            }
        )

    async def model(self, request: Request) -> Response:
        """Answer what TensorFlow Serving answers: the state of a model, its metadata, or its predictions."""
        request.state.what = "model"
        target = contract.parse_path(request.method, request.url.path)
        request.state.what = target.verb
        models, name, version = self._models, target.name, target.version
        if target.verb == "status":
            return _json(contract.status_json(models.states(name, version)))
        classifier = await self._run(version is not None, models.classifier, name, version)
        if target.verb == "metadata":
            return _json(contract.metadata_json(classifier.card))
        if target.verb != "predict":
            kind = {"classify": "classification", "regress": "regression"}[target.verb]
            raise RequestError(
                f"Expected {kind} signature method_name to be tensorflow/serving/{target.verb}. "
                "Was: tensorflow/serving/predict"
            )
        body = await body_of(request)
        asked = await self._run(len(body) > _LARGE, contract.parse_predict, body, classifier.card)
        images = checked_images(asked.images)
        if asked.signature == "activations":
            outputs = await self._run(True, classifier.activations, images)
            measuring.IMAGES.labels(name).inc(len(images))
        else:
            if classifier is models.loaded.get(name):
                prediction = (await self._batcher.predict([name], images))[name]
            else:
                prediction = await self._run(True, classifier.predict, images)
                measuring.IMAGES.labels(name).inc(len(images))
            outputs = {"logits": prediction.logits, "probabilities": prediction.probabilities}
        return Response(contract.predict_json(outputs, asked.is_by_row), media_type="application/json")

    async def compare(self, request: Request) -> Response:
        """Answer what models say of a drawing or a picture, each and together."""
        request.state.what = "compare"
        body = await body_of(request)
        takes_long = len(body) > _LARGE_DRAWING or drawings.is_picture(body)
        asked = await self._run(takes_long, drawings.read_question, body, request.query_params)
        names = [self._models.classifier(name, None).card.name for name in asked.models or self._models.loaded]
        explained = self._models.classifier(asked.explain, None) if asked.explain else None
        opened = self._models.classifier(asked.layers, None) if asked.layers else None
        asking = [*names, asked.explain] if asked.explain and asked.explain not in names else names
        predictions = await self._batcher.predict(asking, asked.image[None].astype(np.float32))
        answer = drawings.comparison_json(asked.image, {name: predictions[name] for name in names}, self._models.cards)
        if explained is not None:
            digit = asked.digit
            if digit is None:
                digit = int(predictions[asked.explain].digits[0])
            maps = await self._run(True, occlusion_map, explained, asked.image)
            answer["saliency"] = {"model": asked.explain, "digit": digit, "map": maps[digit]}
        if opened is not None:
            answer["layers"] = await self._run(True, drawings.layers_json, opened, asked.image)
        return _json(answer)

    async def example(self, request: Request) -> Response:
        """Answer a synthetic digit, as strokes in 0..1."""
        request.state.what = "example"
        random = np.random.default_rng()
        wanted = request.query_params.get("digit", str(random.integers(10)))
        if wanted not in map(str, range(10)):
            raise RequestError(f"Expected digit as 0 to 9, found {wanted[:20]!r}: ask for one of these.")
        strokes = draw_digit_on_sheet(int(wanted), random)
        return _json({"digit": int(wanted), "strokes": strokes})

    async def _run(self, aside: bool, function: Callable[..., Value], *arguments: Any) -> Value:
        """Return what a function returns; where it takes long, aside from the event loop."""
        if not aside:
            return function(*arguments)
        return await asyncio.get_running_loop().run_in_executor(self._aside, function, *arguments)


def _json(content: object) -> Response:
    return Response(orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY), media_type="application/json")


def _refuse(message: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    text = message.encode("utf-8", "replace").decode()
    return Response(orjson.dumps({"error": text}), status, headers, media_type="application/json")


async def _refused(_request: Request, error: Exception) -> Response:
    """Answer what a handler refuses. Of a body that is not read to its end the connection is closed."""
    status = error.status if isinstance(error, RequestError) else 400
    return _refuse(str(error), status, {"Connection": "close"} if status in (408, 413) else None)


async def _no_such_address(request: Request, error: Exception) -> Response:
    """Answer what no route takes."""
    assert isinstance(error, HTTPException)
    method, path = request.method, request.url.path
    if path.startswith("/v1/"):
        return _refuse(f"Malformed request: {method} {path}", 400)
    what = {404: f"There is nothing at {path}.", 405: f"{path} does not take {method}."}
    return _refuse(what.get(error.status_code, error.detail), error.status_code, error.headers)


async def _gone(_request: Request, _error: Exception) -> Response:
    """Answer whoever has gone before a request was whole, in the log alone: with 499, as other servers do."""
    return Response(status_code=499)


async def _failed(_request: Request, _error: Exception) -> Response:
    """Answer what should not be."""
    return _refuse("The server failed, and its log says why: try again, or report it as a bug.", 500)
