"""Writes what PyTorch gives for layers and nets, forward and backward, for torch.test.ts to compare with.

    python3 test/parity/make-torch.py [folder] [seed]

The vectors beside this file come from PyTorch 1.13.0 with NumPy 1.24.2 (Debian 12: python3-torch), everything in float64.

  torch.json  the cases: the shapes of input and output, and the layers as our own options
  torch.npy   float64, one after the other for each case: input x, then weights and bias (where it has one) of each Conv2d,
              branches in order, the gradient g of the output; then what PyTorch makes of them: output y, gradient of x, and
              those of the weights and biases that are not frozen in the order above

Given numbers are multiples of 1/64 from -1 to 1, which Float32 holds exactly. Borders are torch.nn.functional.pad where it has
them: constant, replicate, reflect (our reflect101), circular (our wrap); it has no symmetric, and refuses padding beyond the
picture: there the padded picture is gathered by indices, through which autograd goes as well.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

HERE = Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
FOLDER = HERE if HERE.is_dir() else HERE.parent
BORDERS = ["zero", {"constant": 0.5}, "replicate", "reflect101", "symmetric", "wrap"]
MODES = {"replicate": "replicate", "reflect101": "reflect", "wrap": "circular"}


def sides(top, right, bottom, left):
    return {"top": top, "right": right, "bottom": bottom, "left": left}


def conv(inputs, outputs, size, **options):
    return {"type": "Conv2d", "inChannels": inputs, "outChannels": outputs, "kernelSize": list(size), **options}


def cases():
    for border in BORDERS:
        yield [2, 7, 8], [conv(2, 3, (3, 3), padding=sides(1, 1, 1, 1), border=border)]
        yield [1, 6, 9], [conv(1, 2, (2, 3), padding=sides(1, 0, 2, 1), stride=[2, 1], border=border)]
        yield [4, 8, 7], [conv(4, 6, (3, 3), padding=sides(2, 2, 2, 2), dilation=[2, 1], groups=2, border=border)]
        yield [3, 5, 10], [
            conv(3, 3, (1, 4), padding=sides(0, 2, 0, 1), stride=[1, 3], groups=3, bias=False, border=border)
        ]
        yield [2, 9, 8], [
            conv(2, 4, (4, 2), padding=sides(3, 1, 2, 4), stride=[3, 3], dilation=[1, 2], border=border)
        ]
        yield [1, 8, 8], [conv(1, 2, (5, 5), padding=sides(2, 2, 2, 2), bias=False, border=border)]
    for border in ["replicate", "reflect101", "symmetric", "wrap"]:
        yield [1, 3, 4], [conv(1, 2, (3, 2), padding=sides(7, 9, 5, 6), border=border)]
        yield [2, 1, 5], [conv(2, 2, (2, 2), padding=sides(2, 8, 3, 11), stride=[2, 3], groups=2, border=border)]
    for size in [(1, 1), (2, 2), (3, 1), (5, 4)]:
        for stride in [[1, 1], [2, 3]]:
            for dilation in [[1, 1], [2, 2]]:
                yield [2, 12, 11], [conv(2, 2, size, stride=stride, dilation=dilation)]
    for size, dilation in [((2, 2), [1, 1]), ((4, 3), [1, 2]), ((3, 2), [3, 1])]:
        yield [2, 8, 8], [conv(2, 2, size, padding="same-upper", dilation=dilation)]
    yield [2, 7, 6], [conv(2, 2, (2, 3), strict=True, padding=sides(1, 0, 1, 2), border="replicate")]
    yield [4, 7, 6], [conv(4, 4, (3, 2), strict=True, stride=[2, 1], groups=2)]
    # Wider and higher than the tiles that gradients are summed in.
    yield [1, 70, 45], [conv(1, 2, (3, 3), padding=sides(1, 1, 1, 1), border="reflect101")]
    yield [8, 6, 5], [conv(8, 16, (3, 3), groups=4)]
    yield [1, 8, 9], [conv(1, 4, (3, 3), padding=sides(1, 1, 1, 1)), {"type": "ReLU"}, conv(4, 1, (2, 2))]
    yield [1, 8, 9], [conv(1, 4, (3, 3), bias=False), {"type": "Magnitude"}]
    yield [2, 8, 9], [conv(2, 2, (3, 3), stride=[2, 2]), {"type": "Sigmoid"}, conv(2, 3, (2, 1))]
    yield [3, 7, 7], [{"type": "Square"}, conv(3, 2, (2, 2)), {"type": "Abs"}]
    yield [1, 9, 9], [
        conv(1, 4, (3, 3), padding=sides(2, 2, 2, 2), border="replicate"),
        {"type": "Magnitude"},
        conv(2, 2, (3, 3), dilation=[2, 2]),
        {"type": "ReLU"},
        conv(2, 1, (1, 1)),
        {"type": "Sigmoid"},
    ]
    for size in [2, 3, [1, 2], [4, 3]]:
        yield [3, 9, 11], [{"type": "AveragePool2d", "size": size}]
    for factor in [1, 2, 3, 4, [2, 1], [1, 5]]:
        yield [2, 4, 5], [{"type": "Upsample2d", "factor": factor}]
    yield [2, 1, 1], [{"type": "Upsample2d", "factor": 2}]
    yield [4, 9, 10], [residual([depthwise(4), {"type": "ReLU"}, conv(4, 4, (1, 1))])]
    yield [2, 6, 7], [residual([conv(2, 3, (1, 1)), residual([depthwise(3)]), conv(3, 2, (1, 1))]), {"type": "ReLU"}]
    yield [3, 7, 5], [joined("Sum", [conv(3, 4, (1, 1))], [depthwise(3), {"type": "Abs"}, conv(3, 4, (1, 1))])]
    yield [3, 7, 5], [joined("Sum", [], [depthwise(3)], [{"type": "Square"}])]
    yield [2, 5, 6], [joined("Concatenate", [], [conv(2, 3, (1, 1))], [{"type": "Abs"}]), conv(7, 2, (2, 2))]
    yield [2, 6, 7], [conv(2, 4, (3, 3), frozen=True), {"type": "Magnitude"}, conv(2, 1, (1, 1))]
    yield [3, 16, 24], [
        conv(3, 4, (1, 1), frozen=True),
        joined(
            "Concatenate",
            [residual([depthwise(4), {"type": "ReLU"}, conv(4, 4, (1, 1))])],
            [
                {"type": "AveragePool2d", "size": 2},
                conv(4, 6, (1, 1)),
                {"type": "ReLU"},
                joined(
                    "Sum",
                    [residual([depthwise(6), {"type": "ReLU"}, conv(6, 6, (1, 1))]), conv(6, 5, (1, 1))],
                    [
                        {"type": "AveragePool2d", "size": 2},
                        conv(6, 5, (3, 3), padding=sides(1, 1, 1, 1)),
                        {"type": "Upsample2d", "factor": 2},
                    ],
                ),
                {"type": "Upsample2d", "factor": 2},
            ],
        ),
        conv(9, 1, (1, 1)),
        {"type": "Sigmoid"},
    ]


def depthwise(channels):
    return conv(channels, channels, (3, 3), groups=channels, padding=sides(1, 1, 1, 1))


def residual(layers):
    return {"type": "ResidualBlock", "layers": layers}


def joined(kind, *branches):
    return {"type": kind, "branches": list(branches)}


def indices(border, length, before, after):
    if border == "wrap":
        return np.arange(-before, length + after) % length
    mode = {"replicate": "edge", "reflect101": "reflect", "symmetric": "symmetric"}[border]
    return np.pad(np.arange(length), (before, after), mode)


def pad(x, at, border):
    rim = (at["left"], at["right"], at["top"], at["bottom"])
    if border == "zero" or isinstance(border, dict):
        return F.pad(x, rim, "constant", 0 if border == "zero" else border["constant"])
    height, width = x.shape[2:]
    within = max(at["left"], at["right"]) < width and max(at["top"], at["bottom"]) < height
    if border in MODES and within:
        return F.pad(x, rim, MODES[border])
    rows = torch.from_numpy(indices(border, height, at["top"], at["bottom"]))
    columns = torch.from_numpy(indices(border, width, at["left"], at["right"]))
    return x[:, :, rows][:, :, :, columns]


def run(layers, x, learned):
    for layer in layers:
        x = forward(layer, x, learned)
    return x


def forward(layer, x, learned):
    """Of one layer; `learned` gives the parameters of one Conv2d after the other."""
    kind = layer["type"]
    if kind == "AveragePool2d":
        return F.avg_pool2d(x, layer["size"])
    if kind == "Upsample2d":
        factor = layer["factor"]
        scale = tuple(factor) if isinstance(factor, list) else (factor, factor)
        return F.interpolate(x, scale_factor=scale, mode="bilinear", align_corners=False)
    if kind == "ResidualBlock":
        return x + run(layer["layers"], x, learned)
    if kind == "Sum":
        return sum(run(branch, x, learned) for branch in layer["branches"])
    if kind == "Concatenate":
        return torch.cat([run(branch, x, learned) for branch in layer["branches"]], 1)
    if kind == "ReLU":
        return F.relu(x)
    if kind == "Abs":
        return torch.abs(x)
    if kind == "Square":
        return torch.square(x)
    if kind == "Sigmoid":
        return torch.sigmoid(x)
    if kind == "Magnitude":
        return torch.sqrt(x[:, 0::2] ** 2 + x[:, 1::2] ** 2)
    weights, bias = (*next(learned), None)[:2]
    if layer.get("strict"):
        weights = torch.flip(weights, (2, 3))
    padding = layer.get("padding", sides(0, 0, 0, 0))
    if padding != "same-upper":
        x = pad(x, padding, layer.get("border", "zero"))
    return F.conv2d(
        x,
        weights,
        bias,
        stride=layer.get("stride", [1, 1]),
        padding="same" if padding == "same-upper" else 0,
        dilation=layer.get("dilation", [1, 1]),
        groups=layer.get("groups", 1),
    )


random = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 2024)


def given(*shape, fixed=False):
    numbers = random.integers(-64, 65, size=shape) / 64
    return torch.tensor(numbers, dtype=torch.float64, requires_grad=not fixed)


def parameters(layers):
    """Those of every Conv2d, branches in order."""
    for layer in layers:
        for branch in [layer.get("layers", []), *layer.get("branches", [])]:
            yield from parameters(branch)
        if layer["type"] == "Conv2d":
            outputs, fixed = layer["outChannels"], layer.get("frozen", False)
            inputs = layer["inChannels"] // layer.get("groups", 1)
            weights = given(outputs, inputs, *layer["kernelSize"], fixed=fixed)
            yield [weights, given(outputs, fixed=fixed)] if layer.get("bias", True) else [weights]


listed = []
numbers = []
for shape, layers in cases():
    x = given(1, *shape)
    learned = list(parameters(layers))
    y = run(layers, x, iter(learned))
    g = given(*y.shape).detach()
    y.backward(g)
    leaves = [tensor for own in learned for tensor in own]
    for tensor in [x, *leaves, g, y, x.grad, *(leaf.grad for leaf in leaves if leaf.requires_grad)]:
        numbers.append(tensor.detach().numpy().ravel())
        assert np.isfinite(numbers[-1]).all()
    listed.append({"input": shape, "output": list(y.shape[1:]), "layers": layers})

lines = ",\n".join(json.dumps(case) for case in listed)
(FOLDER / "torch.json").write_text(f"[\n{lines}\n]\n")
np.save(FOLDER / "torch.npy", np.concatenate(numbers))
