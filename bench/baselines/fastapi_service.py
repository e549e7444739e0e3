"""A FastAPI service around a Keras model."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from bench.baselines.keras_model import RainModel, answer_with

app = FastAPI()
model = RainModel()


@app.post("/predict")
def predict(message: dict[str, Any]) -> dict[str, list[float]]:
    return {"probabilities": answer_with(model, message)}
