package dev.plimsoll.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.plimsoll.cli.TestingCli;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/// The manifests that `launch kubernetes` prints, against the schema that Kubernetes publishes: the
/// models of its Java client are made from its OpenAPI document, refuse fields that it does not
/// have, and miss those that it requires.
class LaunchKubernetesTest {
  @TempDir private Path root;

  @BeforeEach
  void project() throws IOException {
    Files.createDirectory(root.resolve(".git"));
  }

  private TestingCli launch(String... more) {
    var words =
        new ArrayList<Object>(
            List.of("launch", "kubernetes", "-C", root, "--image", "registry.example/suite:1"));
    words.addAll(List.of(more));
    return TestingCli.run(words.toArray());
  }

  private static List<JsonObject> documents(TestingCli run) throws IOException {
    assertThat(run.exitCode()).as(run.err()).isZero();
    var documents = new ArrayList<JsonObject>();
    for (Object document : new Yaml().loadAll(run.out())) {
      JsonObject json = new Gson().toJsonTree(document).getAsJsonObject();
      check(json);
      documents.add(json);
    }
    return documents;
  }

  private static void check(JsonObject document) throws IOException {
    String kind =
        document.get("apiVersion").getAsString() + " " + document.get("kind").getAsString();
    switch (kind) {
      case "v1 Secret" -> V1Secret.validateJsonElement(document);
      case "v1 Service" -> V1Service.validateJsonElement(document);
      case "apps/v1 Deployment" -> V1Deployment.validateJsonElement(document);
      case "batch/v1 Job" -> V1Job.validateJsonElement(document);
      default -> throw new AssertionError(kind);
    }
  }

  private static JsonElement at(JsonElement element, Object... path) {
    JsonElement found = element;
    for (Object step : path) {
      found =
          step instanceof Integer index
              ? found.getAsJsonArray().get(index)
              : found.getAsJsonObject().get(String.valueOf(step));
    }
    return found;
  }

  @Test
  void aBoardAndItsMachinesFitTheSchema() throws IOException {
    var all =
        documents(
            launch(
                "-N", "8", "--machine", "4c 15g", "--name", "run-1", "--", "-k", "a $(b) \"c\""));
    assertThat(all.stream().map(document -> document.get("kind").getAsString()))
        .containsExactly("Secret", "Service", "Deployment", "Job");
    JsonObject job = all.getLast();
    assertThat(at(job, "spec").getAsJsonObject().has("completions")).isFalse();
    assertThat(at(job, "spec", "parallelism").getAsInt()).isEqualTo(8);
    JsonElement machine = at(job, "spec", "template", "spec", "containers", 0);
    assertThat(at(machine, "resources", "limits", "memory").getAsString()).isEqualTo("15360Mi");
    assertThat(at(machine, "command", 2).getAsString())
        .isEqualTo("exec plimsoll run --join redis://run-1-board/run-1 -k 'a $$(b) \"c\"'");
    assertThat(at(machine, "env", 0, "valueFrom", "secretKeyRef", "name"))
        .isEqualTo(at(all.getFirst(), "metadata", "name"));
    String password = at(all.getFirst(), "stringData", "password").getAsString();
    assertThat(password).hasSize(48);
    assertThat(launch("-N", "8").out()).doesNotContain(password);
  }

  @Test
  void machinesOfABoardElsewhereFitTheSchema() throws IOException {
    var all = documents(launch("-N", "2", "--join", "rediss://store.example/run-1"));
    assertThat(all).hasSize(1);
    assertThat(
            at(all.getFirst(), "spec", "template", "spec").getAsJsonObject().has("initContainers"))
        .isFalse();
  }

  @Test
  void shardsFitTheSchema() throws IOException {
    assertThat(
            TestingCli.run("plan", "-C", root, "--shards", "3", "--output", "plan.json").exitCode())
        .isZero();
    var all = documents(launch("--plan", "plan.json", "--claim", "shards"));
    JsonElement spec = at(all.getFirst(), "spec");
    assertThat(at(spec, "completions").getAsInt()).isEqualTo(3);
    assertThat(at(spec, "podFailurePolicy", "rules", 1, "action").getAsString())
        .isEqualTo("FailIndex");
    assertThat(at(spec, "template", "spec", "containers", 0, "command", 2).getAsString())
        .isEqualTo(
            "exec plimsoll run --shard $$((JOB_COMPLETION_INDEX + 1))/3 --plan /plimsoll/plan.json"
                + " --record /plimsoll/records");
    assertThat(launch("--plan", "plan.json").err()).contains("`--claim` is missing");
    assertThat(launch("-N", "3", "--claim", "shards").err()).contains("`--claim` has no effect");
    assertThat(launch("-N", "3", "--name", "Run").exitCode()).isEqualTo(4);
  }

  @Test
  void theCheckSeesAFieldThatKubernetesDoesNotHave() throws IOException {
    JsonObject job = documents(launch("-N", "2")).getLast();
    at(job, "spec").getAsJsonObject().addProperty("backofLimit", 3);
    assertThatThrownBy(() -> check(job)).hasMessageContaining("backofLimit");
    JsonObject other = documents(launch("-N", "2")).getLast();
    at(other, "spec", "template", "spec").getAsJsonObject().remove("containers");
    assertThatThrownBy(() -> check(other)).hasMessageContaining("containers");
  }
}
