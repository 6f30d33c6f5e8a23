package dev.plimsoll.cli.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What Kubernetes needs to run machines: a job with one pod for each, and a store if the board is
/// in none yet.
///
/// @param name of the job and of the run; other objects have names that begin with it
/// @param image with the project in its working directory, and `plimsoll`
/// @param password of the store that these manifests bring, null when they bring none
/// @param claim the volume with the plan, which gets the records; null on a board
record KubernetesManifests(
    String name, String image, Launch launch, @Nullable String password, @Nullable String claim) {
  private static final String STORE_IMAGE = "valkey/valkey:8.1";
  private static final int PORT = 6379;
  private static final String FOLDER = "/plimsoll";

  /// How many pods of a job that end in another way than with failed tests are replaced.
  private static final int REPLACED = 6;

  /// The URL of the board in the store that manifests of this name bring.
  static String ownBoard(String name) {
    return "redis://" + name + "-board/" + name;
  }

  /// Their text.
  String text() {
    var all = new ArrayList<Map<String, Object>>();
    if (password != null) {
      all.add(secret(password));
      all.add(service());
      all.add(store());
    }
    all.add(job(claim == null ? spec() : indexed(claim)));
    return Yaml.text(all);
  }

  private String board() {
    return name + "-board";
  }

  private static Map<String, Object> object(String version, String kind, String name) {
    return map("apiVersion", version, "kind", kind, "metadata", map("name", name));
  }

  private Map<String, Object> secret(String secret) {
    Map<String, Object> object = object("v1", "Secret", board());
    object.put("stringData", map("password", secret));
    return object;
  }

  private Map<String, Object> service() {
    Map<String, Object> object = object("v1", "Service", board());
    object.put("spec", map("selector", map("app", board()), "ports", List.of(map("port", PORT))));
    return object;
  }

  /// One replica. Its data survive the end of the server, not that of the pod.
  private Map<String, Object> store() {
    List<String> command =
        List.of(
            "valkey-server",
            "--appendonly",
            "yes",
            "--maxmemory-policy",
            "noeviction",
            "--requirepass",
            "$(PASSWORD)");
    Map<String, Object> container =
        map(
            "name", "valkey",
            "image", STORE_IMAGE,
            "args", command,
            "env", List.of(password("PASSWORD", false)),
            "ports", List.of(map("containerPort", PORT)),
            "readinessProbe", map("tcpSocket", map("port", PORT)),
            "resources", map("requests", map("memory", "128Mi"), "limits", map("memory", "1Gi")),
            "volumeMounts", List.of(map("name", "data", "mountPath", "/data")));
    Map<String, Object> pod =
        map(
            "automountServiceAccountToken", false,
            "containers", List.of(container),
            "volumes", List.of(map("name", "data", "emptyDir", map())));
    Map<String, Object> object = object("apps/v1", "Deployment", board());
    object.put(
        "spec",
        map(
            "replicas", 1,
            "strategy", map("type", "Recreate"),
            "selector", map("matchLabels", map("app", board())),
            "template", map("metadata", map("labels", map("app", board())), "spec", pod)));
    return object;
  }

  private Map<String, Object> job(Map<String, Object> spec) {
    Map<String, Object> object = object("batch/v1", "Job", name);
    object.put("spec", spec);
    return object;
  }

  /// Without completions: it ends well when one pod ended well and all have ended. Lost pods are
  /// replaced; red tests end it.
  private Map<String, Object> spec() {
    Map<String, Object> pod = pod(launch.command(""));
    if (password != null) {
      pod.put("initContainers", List.of(wait(board())));
    }
    return map(
        "parallelism", launch.count(),
        "backoffLimit", REPLACED,
        "podFailurePolicy", map("rules", rules("FailJob")),
        "template", map("spec", pod));
  }

  /// One index for each shard. A shard with red tests is not run again, others go on.
  private Map<String, Object> indexed(String volume) {
    List<String> arguments = new ArrayList<>(List.of("--record", FOLDER + "/records"));
    arguments.addAll(launch.arguments());
    var shards =
        new Launch(launch.count(), launch.machine(), null, Path.of(FOLDER, "plan.json"), arguments);
    Map<String, Object> pod = pod(shards.command("$((JOB_COMPLETION_INDEX + 1))"));
    pod.put(
        "volumes",
        List.of(map("name", "shards", "persistentVolumeClaim", map("claimName", volume))));
    return map(
        "completionMode", "Indexed",
        "completions", launch.count(),
        "parallelism", launch.count(),
        "backoffLimitPerIndex", REPLACED,
        "podFailurePolicy", map("rules", rules("FailIndex")),
        "template", map("spec", pod));
  }

  /// Pods that Kubernetes itself takes away do not count. The exit code 1 is that of red tests.
  private static List<Object> rules(String action) {
    return List.of(
        map(
            "action",
            "Ignore",
            "onPodConditions",
            List.of(map("type", "DisruptionTarget", "status", "True"))),
        map("action", action, "onExitCodes", map("operator", "In", "values", List.of(1))));
  }

  private Map<String, Object> pod(String command) {
    Map<String, Object> size =
        map(
            "cpu",
            String.valueOf(launch.machine().cores()),
            "memory",
            launch.machine().memory().toMib() + "Mi");
    Map<String, Object> container =
        map(
            "name",
            "plimsoll",
            "image",
            image,
            // Kubernetes replaces $(NAME); $$ is its $.
            "command",
            List.of("/bin/sh", "-c", "exec " + command.replace("$(", "$$(")),
            "resources",
            map("requests", size, "limits", size));
    if (claim == null) {
      container.put("env", List.of(password("PLIMSOLL_BOARD_PASSWORD", password == null)));
    } else {
      container.put("volumeMounts", List.of(map("name", "shards", "mountPath", FOLDER)));
    }
    return map(
        "restartPolicy",
        "Never",
        "automountServiceAccountToken",
        false,
        "terminationGracePeriodSeconds",
        60,
        "containers",
        List.of(container));
  }

  /// Until the store answers, be it that it wants a password.
  private static Map<String, Object> wait(String host) {
    String command = "until valkey-cli -h " + host + " ping; do sleep 1; done";
    return map("name", "board", "image", STORE_IMAGE, "command", List.of("sh", "-c", command));
  }

  private Map<String, Object> password(String variable, boolean optional) {
    Map<String, Object> key = map("name", board(), "key", "password");
    if (optional) {
      key.put("optional", true);
    }
    return map("name", variable, "valueFrom", map("secretKeyRef", key));
  }

  /// In this order.
  private static Map<String, Object> map(Object... pairs) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(String.valueOf(pairs[i]), pairs[i + 1]);
    }
    return map;
  }
}
