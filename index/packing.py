"""How a model's weights lie in memory, which for a single sentence is most of what it costs to encode."""

from __future__ import annotations

import torch
from torch import nn


class _Packed(nn.Module):
    """What `linear` computes. The operators are those into which torch.compile turns a linear layer whose weights are
    frozen; compiling itself would need a C++ compiler where the product runs."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        # Plain attributes: not to be moved or cast with the model, as the layout is of this processor and this type.
        self.weight = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach())
        self.bias = None if linear.bias is None else linear.bias.detach()

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = torch.ops.mkldnn._linear_pointwise(values, self.weight, self.bias, "none", [], "")
        return found


def pack(model: nn.Module) -> None:
    """Lay the weights of the linear layers of `model`, which is only to compute from now on, as the processor
    multiplies them; torch otherwise does so at each call, a third of the time of a short text. The results are the same
    but for the order of sums. A layer that cannot be packed here stays as it is."""
    with torch.no_grad():
        for name, layer in list(model.named_modules()):
            if type(layer) is nn.Linear and _can_be_packed(layer.weight.dtype):
                model.set_submodule(name, _Packed(layer))


def _can_be_packed(numbers: torch.dtype) -> bool:
    here = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    return here and (numbers is torch.float32 or (numbers is torch.bfloat16 and can_be_short()))


def can_be_short() -> bool:
    """Whether the processor reckons with numbers of 16 bits, which takes about two thirds of the time of those of 32;
    elsewhere it would take longer."""
    return torch.cpu._is_avx512_bf16_supported()
