// SPDX-License-Identifier: Apache-2.0
// Runs cases through DMN documents with Camunda's engine and compares the rows it meets with those of her2.
//   java RunDmn FOLDER      FOLDER/ID.dmn and FOLDER/ID.tsv: "name=value;..." TAB "table=row;..."
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.camunda.bpm.dmn.engine.DmnDecision;
import org.camunda.bpm.dmn.engine.DmnDecisionRequirementsGraph;
import org.camunda.bpm.dmn.engine.DmnEngine;
import org.camunda.bpm.dmn.engine.delegate.DmnDecisionTableEvaluationEvent;
import org.camunda.bpm.dmn.engine.delegate.DmnDecisionTableEvaluationListener;
import org.camunda.bpm.dmn.engine.impl.DefaultDmnEngineConfiguration;

public class RunDmn {
  static final Map<String, String> met = new HashMap<>();

  public static void main(String[] arguments) throws Exception {
    DefaultDmnEngineConfiguration configuration = new DefaultDmnEngineConfiguration();
    List<DmnDecisionTableEvaluationListener> listeners = new ArrayList<>();
    listeners.add(RunDmn::note);
    configuration.setCustomPostDecisionTableEvaluationListeners(listeners);
    DmnEngine engine = configuration.buildEngine();
    List<Path> files = new ArrayList<>();
    try (Stream<Path> found = Files.list(Path.of(arguments[0]))) {
      found.filter(path -> path.toString().endsWith(".dmn")).sorted().forEach(files::add);
    }
    long cases = 0, rows = 0, wrong = 0;
    for (Path file : files) {
      DmnDecisionRequirementsGraph graph;
      try (InputStream stream = new FileInputStream(file.toFile())) {
        graph = engine.parseDecisionRequirementsGraph(stream);
      }
      Path table = Path.of(file.toString().replaceAll("dmn$", "tsv"));
      try (BufferedReader reader = Files.newBufferedReader(table)) {
        List<String> names = List.of(reader.readLine().split(";"));
        for (String line; (line = reader.readLine()) != null;) {
          String[] parts = line.split("\t", -1);
          Map<String, Object> variables = variables(names, parts[0]);
          met.clear();
          String[] expected = parts[1].split(";");
          for (int i = expected.length; i-- > 0;) {  // later tables ask for earlier ones
            String name = "row_" + expected[i].substring(0, expected[i].indexOf('='));
            if (!met.containsKey(name)) {
              DmnDecision decision = graph.getDecision(name);
              engine.evaluateDecision(decision, variables);
            }
            ++rows;
            String wanted = expected[i].substring(expected[i].indexOf('=') + 1);
            if (!wanted.equals(met.get(name)) && ++wrong <= 20) {
              System.out.println(file.getFileName() + " " + name + ": her2 " + wanted + ", the engine " + met.get(name)
                  + " for " + parts[0]);
            }
          }
          ++cases;
        }
      }
    }
    System.out.println(cases + " cases, " + rows + " rows of " + files.size() + " guidelines, " + wrong + " differ");
    System.exit(wrong == 0 && cases > 0 ? 0 : 1);
  }

  static Map<String, Object> variables(List<String> names, String text) {
    Map<String, Object> out = new HashMap<>();
    for (String name : names) {
      out.put(name, null);
    }
    for (String item : text.split(";")) {
      int equals = item.indexOf('=');
      if (equals > 0) {
        String value = item.substring(equals + 2);
        out.put(item.substring(0, equals), item.charAt(equals + 1) == '#' ? new BigDecimal(value) : value);
      }
    }
    return out;
  }

  static void note(DmnDecisionTableEvaluationEvent event) {
    String name = event.getDecision().getKey();
    List<String> found = new ArrayList<>();
    event.getMatchingRules().forEach(rule ->
        rule.getOutputEntries().values().forEach(entry -> found.add(String.valueOf(entry.getValue().getValue()))));
    met.put(name, String.join("+", found));
  }
}
