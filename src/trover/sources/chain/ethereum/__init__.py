"""Ethereum: what ethereum-etl exports and what explorers answer, as movements between addresses."""

from trover.sources.chain.ethereum.etl import EtlReader as EtlReader
from trover.sources.chain.ethereum.explorer import ExplorerReader as ExplorerReader
from trover.sources.chain.ethereum.flows import FlowsReader as FlowsReader
