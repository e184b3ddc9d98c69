"""Uses every operation through the client of openapi-python-client; ends with an error at the first failure."""

import importlib
import pkgutil
import sys

import httpx
import taste_match_client.api as api
from taste_match_client import AuthenticatedClient, models

client = AuthenticatedClient(base_url=sys.argv[1], token="secret", timeout=httpx.Timeout(30))
operations = {
    name.rsplit(".", 1)[1]: name
    for _, name, is_package in pkgutil.walk_packages(api.__path__, "taste_match_client.api.")
    if not is_package
}
used = set()


def call(operation, *given, **named):
    used.add(operation)
    answer = importlib.import_module(operations[operation]).sync_detailed(*given, client=client, **named)
    assert answer.status_code < 300, (operation, answer.status_code, answer.content)
    return answer.parsed


created = call("create_restaurant", body=models.RestaurantFields(name="Typed"))
call("put_restaurant", created.id, body=models.RestaurantReplacement(name="Put"))
call("patch_restaurant", created.id, body=models.RestaurantPatch(rating=4.0))
assert call("get_restaurant", created.id).embedding.status == "ready"
assert len(call("list_restaurants", ids=[created.id, 1]).items) == 2
call("suggest", q="ca")
call("list_changes")
call("find_similar_restaurants", created.id)
call("search_restaurants", q="feijoada")
call("recommend_restaurants", body=models.RecommendationRequest(likes=[models.RecommendationRequestLikesItem(id=1)]))
call("get_map")
report = call("import_restaurants", body=[models.ImportRestaurantsJsonBodyItem.from_dict({"name": "Imported by Python"})])
assert report.created == 1, report
# A file goes as it is, unread: the generated function takes rows only.
with open("catalogue.csv", "w", encoding="utf-8") as file:
    file.write("name;cuisine_type\nPão de Açúcar;Café\n")
with open("catalogue.csv", "rb") as file:
    answer = client.get_httpx_client().post(
        "/restaurants/import", content=file, headers={"Content-Type": "application/octet-stream"}
    )
report = models.ImportReport.from_dict(answer.json())
assert (report.created, report.failed) == (1, 0), report
assert "Imported" in call("export_restaurants")
assert call("download_backup").payload.read(6) == b"SQLite"
for operation in ["get_embeddings", "list_embedding_failures", "retry_embedding_failures"]:
    call(operation)
call("start_backfill", body=models.BackfillRequest(batch_size=4))
for operation in ["get_backfill", "stop_backfill", "get_model", "load_model", "unload_model"]:
    call(operation)
for operation in ["get_health", "get_readiness", "get_metrics"]:
    call(operation)
call("delete_restaurant", created.id)
# An endless stream, which the generated client would read to its end.
used.add("listen_to_events")
assert used == set(operations), set(operations) - used
