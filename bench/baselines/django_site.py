"""TensorFlow in the web process: a Django view that calls `model.predict`."""

from __future__ import annotations

import json

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

from bench.baselines.keras_model import RainModel, answer_with

settings.configure(SECRET_KEY="bench", ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__)
model = RainModel()


def predict(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"probabilities": answer_with(model, json.loads(request.body))})


urlpatterns = [path("predict", predict)]
application = get_wsgi_application()
