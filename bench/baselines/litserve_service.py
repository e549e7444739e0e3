"""LitServe with the SavedModel's signature, one worker: `python -m bench.baselines.litserve_service PORT`.

No postponed annotations here: LitServe reads them to know what a request is.
"""

import sys
from typing import Any

import litserve

from predictor import config, contract
from predictor.features import to_model_input

FOLDER = config.MODELS_FOLDER / config.DEFAULT_MODEL / "saved_model"


class RainApi(litserve.LitAPI):
    def setup(self, device: str) -> None:
        import tensorflow as tf  # here, or the process that only takes requests holds it too

        self.make_tensor = tf.constant
        self.loaded = tf.saved_model.load(str(FOLDER))
        self.signature = self.loaded.signatures["serving_default"]

    def decode_request(self, request: dict[str, Any], **_: Any) -> Any:
        window = contract.parse_window(contract.SCHEMA_VERSION, request)
        return {name: self.make_tensor(value) for name, value in to_model_input(window).items()}

    def predict(self, inputs: Any, **_: Any) -> Any:
        return self.signature(**inputs)["probabilities"]

    def encode_response(self, output: Any, **_: Any) -> dict[str, list[float]]:
        return {"probabilities": [float(value) for value in output.numpy()[0]]}


if __name__ == "__main__":
    server = litserve.LitServer(RainApi(), accelerator="cpu", workers_per_device=1)
    server.run(host="127.0.0.1", port=int(sys.argv[1]), generate_client_file=False)
