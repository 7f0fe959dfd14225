import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import software.amazon.event.ruler.Machine;

/** Answers each line of {"pattern": text, "event": text} with "true", "false", or "refused" and the reason. */
class EventRuler {
  public static void main(String[] arguments) throws Exception {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var mapper = new ObjectMapper();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode request = mapper.readTree(line);
      System.out.println(answer(request.get("pattern").asText(), request.get("event").asText()));
    }
  }

  private static String answer(String pattern, String event) {
    try {
      var machine = new Machine();
      machine.addRule("rule", pattern);
      return String.valueOf(machine.rulesForJSONEvent(event).contains("rule"));
    } catch (Exception error) {
      return "refused " + String.valueOf(error.getMessage()).replaceAll("\\s+", " ");
    }
  }
}
