"""The Hugging Face Hub's benchmark leaderboards."""

from etl.sources.hub.boards import Boards
from etl.sources.hub.live import LiveBoards
from etl.sources.hub.saved import SavedBoards
from etl.sources.hub.source import HubSource

__all__ = ["Boards", "HubSource", "LiveBoards", "SavedBoards"]
