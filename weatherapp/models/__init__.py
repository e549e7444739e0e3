"""The tables, one file a noun."""

from weatherapp.models.active_model import ActiveModel
from weatherapp.models.alert import Alert, AlertChange, AlertState, ChangeReason
from weatherapp.models.backtest import Backtest, BacktestError, BacktestState, BacktestStretch
from weatherapp.models.backtest_question import BacktestQuestion
from weatherapp.models.budget import Budget
from weatherapp.models.delivery import Delivery, DeliveryState, DropReason
from weatherapp.models.forecast import SourceForecast
from weatherapp.models.inquiry import Inquiry
from weatherapp.models.outgoing_server import OutgoingServer
from weatherapp.models.place import Place, SourceName
from weatherapp.models.place_recalibration import PlaceRecalibration
from weatherapp.models.pool_tally import PoolProgress, PoolTally
from weatherapp.models.pool_weight import PoolWeight
from weatherapp.models.prediction import (
    Prediction,
    PredictionRequest,
    RequestOrigin,
    RequestPriority,
    RequestState,
)
from weatherapp.models.reading import Reading
from weatherapp.models.rule import Rule, RuleScope, RuleStanding, RuleVersion, StandingState
from weatherapp.models.scene import Scene
from weatherapp.models.subscription import Subscription
from weatherapp.models.suppression import Suppression
from weatherapp.models.tag import Tag
from weatherapp.models.tick_run import TickRun

__all__ = [
    "ActiveModel",
    "Alert",
    "AlertChange",
    "AlertState",
    "Backtest",
    "BacktestError",
    "BacktestQuestion",
    "BacktestState",
    "BacktestStretch",
    "Budget",
    "ChangeReason",
    "Delivery",
    "DeliveryState",
    "DropReason",
    "Inquiry",
    "OutgoingServer",
    "Place",
    "PlaceRecalibration",
    "PoolProgress",
    "PoolTally",
    "PoolWeight",
    "Prediction",
    "PredictionRequest",
    "Reading",
    "RequestOrigin",
    "RequestPriority",
    "RequestState",
    "Rule",
    "RuleScope",
    "RuleStanding",
    "RuleVersion",
    "Scene",
    "SourceForecast",
    "SourceName",
    "StandingState",
    "Subscription",
    "Suppression",
    "Tag",
    "TickRun",
]
