"""Every retrospective of the sample company, in the order of their deals' closing."""

from __future__ import annotations

from config.demo.retros_2024 import RETROS_2024
from config.demo.retros_2025 import RETROS_2025
from config.demo.retros_2026 import RETROS_2026
from config.demo.rows import DemoRetro

RETROS: tuple[DemoRetro, ...] = RETROS_2024 + RETROS_2025 + RETROS_2026
