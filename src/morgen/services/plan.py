"""What a run will be made of: a model, checked parameters, and the situation that it runs on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from morgen.core.model import Model
from morgen.core.run import Manifest
from morgen.core.situation import Situation
from morgen.services.config import TwinConfig

__all__ = ["Plan"]


@dataclass(frozen=True)
class Plan:
    """A model with all of its parameters, checked."""

    model: Model
    parameters: Mapping[str, Any]
    """Every parameter of the model, as JSON."""

    @classmethod
    def make(cls, config: TwinConfig, model_id: str, given: Mapping[str, Any]) -> Self:
        """Check ``given``; what is not given comes from ``[models.<id>]`` in morgen.toml, then from the model.

        Raises ``ModelNotFoundError`` and ``ParameterError``.
        """
        from morgen.models.contract import validate_parameters
        from morgen.models.registry import get_model

        declared = get_model(model_id)
        checked = validate_parameters(declared, {**config.models.get(model_id, {}), **given})
        return cls(model=declared, parameters=checked.model_dump(mode="json"))

    def on(self, situation: Situation, *, scenario: str = "") -> Manifest:
        """Return the manifest of a run on a situation; ``scenario`` is the hash of what changed it.

        Raises ``MissingLayerError`` when it lacks a layer.
        """
        situation.require(*self.model.interface.needs)
        layers = [situation.layers[name] for name in sorted(situation.layers) if situation.has(name)]
        return Manifest(
            model=self.model.id,
            version=self.model.version,
            parameters=self.parameters,
            situation=situation.content_hash,
            inputs={layer.name: layer.sha256 for layer in layers},
            sources={stamp.source.id: stamp.sha256 for layer in layers for stamp in layer.stamps if stamp.sha256},
            scenario=scenario,
        )
