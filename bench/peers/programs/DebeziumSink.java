import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.debezium.connector.jdbc.JdbcSinkConnectorTask;
import io.nats.client.Connection;
import io.nats.client.ConsumerContext;
import io.nats.client.FetchConsumeOptions;
import io.nats.client.FetchConsumer;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.apache.kafka.connect.sink.SinkTaskContext;

/**
 * Debezium's JDBC sink, called directly: no Kafka, no Connect, no converters. Orders come from JetStream and become records of
 * two topics, one for each table, because the sink takes flat records only. A message is acknowledged when both tables have it.
 *
 * Tuned: 500, 1000 and 2000 messages, one, two and four tasks, 1000 to 10,000 rows in a batch, all took the same processor time,
 * within what the machine varies; so did UNNEST and the batches that the driver rewrites.
 */
public final class DebeziumSink {
  private static final int BATCH = tuned("BATCH", 1000);
  private static final int TASKS = tuned("IN_FLIGHT", 2);

  private static final Schema ORDER_KEY = SchemaBuilder.struct().field("order_key", Schema.INT64_SCHEMA).build();
  private static final Schema ORDER =
      SchemaBuilder.struct()
          .field("order_key", Schema.INT64_SCHEMA)
          .field("customer_key", Schema.INT64_SCHEMA)
          .field("status", Schema.STRING_SCHEMA)
          .field("total_price", decimal(2))
          .field("order_date", date())
          .field("priority", Schema.OPTIONAL_STRING_SCHEMA)
          .field("clerk", Schema.OPTIONAL_STRING_SCHEMA)
          .field("ship_priority", Schema.OPTIONAL_INT32_SCHEMA)
          .field("version", Schema.INT64_SCHEMA)
          .field("comment", Schema.OPTIONAL_STRING_SCHEMA)
          .build();

  private static final Schema LINE_KEY =
      SchemaBuilder.struct()
          .field("order_key", Schema.INT64_SCHEMA)
          .field("line_number", Schema.INT32_SCHEMA)
          .build();
  private static final Schema LINE =
      SchemaBuilder.struct()
          .field("order_key", Schema.INT64_SCHEMA)
          .field("line_number", Schema.INT32_SCHEMA)
          .field("version", Schema.INT64_SCHEMA)
          .field("part_key", Schema.INT64_SCHEMA)
          .field("supplier_key", Schema.INT64_SCHEMA)
          .field("quantity", decimal(2))
          .field("extended_price", decimal(2))
          .field("discount", decimal(2))
          .field("tax", decimal(2))
          .field("revenue", decimal(4))
          .field("return_flag", Schema.OPTIONAL_STRING_SCHEMA)
          .field("line_status", Schema.OPTIONAL_STRING_SCHEMA)
          .field("ship_date", date())
          .field("commit_date", date())
          .field("receipt_date", date())
          .field("ship_instructions", Schema.OPTIONAL_STRING_SCHEMA)
          .field("ship_mode", Schema.OPTIONAL_STRING_SCHEMA)
          .field("comment", Schema.OPTIONAL_STRING_SCHEMA)
          .build();

  private static final Map<String, String> NAMES =
      Map.of("status", "order_status", "priority", "order_priority");

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  public static void main(String[] args) throws Exception {
    Connection connection = Nats.connect(required("NATS_URL"));
    String stream = required("STREAM");
    connection
        .jetStreamManagement()
        .addOrUpdateConsumer(
            stream,
            ConsumerConfiguration.builder()
                .durable("peer")
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(Duration.ofSeconds(30))
                .maxAckPending(2L * BATCH * TASKS)
                .build());
    List<SinkTask> tasks = new ArrayList<>();
    for (int at = 0; at < TASKS; at += 1) tasks.add(sink(at));
    System.out.println("ready");
    for (SinkTask task : tasks) {
      ConsumerContext consumer = connection.getStreamContext(stream).getConsumerContext("peer");
      new Thread(() -> work(consumer, task)).start();
    }
  }

  /** A failure ends the process, and the messages come again. */
  private static void work(ConsumerContext consumer, SinkTask task) {
    try {
      for (long offset = 0; ; ) {
        List<Message> messages = fetch(consumer);
        if (messages.isEmpty()) {
          Thread.sleep(10);
          continue;
        }
        List<SinkRecord> records = new ArrayList<>(messages.size() * 5);
        List<SinkRecord> lines = new ArrayList<>(messages.size() * 4);
        for (Message message : messages) {
          JsonNode order = JSON.readTree(message.getData());
          Struct row = order(order);
          records.add(record("orders", new Struct(ORDER_KEY), row, offset));
          for (JsonNode line : order.get("line_items"))
            lines.add(record("order_line_items", new Struct(LINE_KEY), line(row, line), offset));
          offset += 1;
        }
        // The sink writes the tables in the order in which it saw their first records: parents come first.
        records.addAll(lines);
        task.put(records);
        // It keeps a failure until the next call.
        Throwable failed = ((JdbcSinkConnectorTask) task).getLastProcessingException();
        if (failed != null) throw failed;
        for (Message message : messages) message.ack();
      }
    } catch (Throwable failed) {
      failed.printStackTrace();
      System.exit(1);
    }
  }

  /** What there is, up to a full batch, without waiting for more. */
  private static List<Message> fetch(ConsumerContext consumer) throws Exception {
    List<Message> messages = new ArrayList<>(BATCH);
    FetchConsumeOptions options = FetchConsumeOptions.builder().maxMessages(BATCH).noWait().build();
    try (FetchConsumer fetched = consumer.fetch(options)) {
      for (Message next = fetched.nextMessage(); next != null; next = fetched.nextMessage())
        messages.add(next);
    }
    return messages;
  }

  private static SinkTask sink(int task) {
    URI database = URI.create(required("DATABASE_URL"));
    String[] user = database.getUserInfo().split(":", 2);
    Map<String, String> settings = new HashMap<>();
    settings.put("name", "peer");
    settings.put("task.id", String.valueOf(task));
    settings.put("topics", "orders,order_line_items");
    settings.put(
        "connection.url",
        "jdbc:postgresql://%s:%d%s?reWriteBatchedInserts=true"
            .formatted(database.getHost(), database.getPort(), database.getPath()));
    settings.put("connection.username", user[0]);
    settings.put("connection.password", user.length > 1 ? user[1] : "");
    settings.put("connection.pool.min_size", "1");
    settings.put("connection.pool.max_size", "2");
    settings.put("insert.mode", "upsert");
    settings.put("primary.key.mode", "record_key");
    settings.put("collection.name.format", "${topic}");
    settings.put("schema.evolution", "none");
    settings.put("use.reduction.buffer", setting("REDUCTION", "true"));
    settings.put("dialect.postgres.unnest.insert.enabled", setting("UNNEST", "true"));
    settings.put("batch.size", String.valueOf(tuned("ROWS", 5000)));
    JdbcSinkConnectorTask sink = new JdbcSinkConnectorTask();
    sink.initialize(
        (SinkTaskContext)
            Proxy.newProxyInstance(
                DebeziumSink.class.getClassLoader(),
                new Class<?>[] {SinkTaskContext.class},
                (proxy, method, arguments) -> null));
    sink.start(settings);
    return sink;
  }

  private static SinkRecord record(String topic, Struct key, Struct row, long offset) {
    for (Field field : key.schema().fields()) key.put(field, row.get(field.name()));
    return new SinkRecord(topic, 0, key.schema(), key, row.schema(), row, offset);
  }

  private static Struct order(JsonNode order) {
    Struct row = new Struct(ORDER);
    for (Field field : ORDER.fields())
      row.put(field, value(order.get(NAMES.getOrDefault(field.name(), field.name())), field));
    return row;
  }

  private static Struct line(Struct order, JsonNode line) {
    Struct row = new Struct(LINE).put("order_key", order.get("order_key")).put("version", order.get("version"));
    for (Field field : LINE.fields())
      if (line.has(field.name())) row.put(field, value(line.get(field.name()), field));
    BigDecimal discount = (BigDecimal) row.get("discount");
    BigDecimal factor = discount == null ? BigDecimal.ONE : BigDecimal.ONE.subtract(discount);
    return row.put("revenue", ((BigDecimal) row.get("extended_price")).multiply(factor).setScale(4));
  }

  private static Object value(JsonNode node, Field field) {
    if (node == null || node.isNull()) return field.name().equals("version") ? 1L : null;
    Schema schema = field.schema();
    if (Decimal.LOGICAL_NAME.equals(schema.name()))
      return node.decimalValue().setScale(Integer.parseInt(schema.parameters().get(Decimal.SCALE_FIELD)));
    if (Date.LOGICAL_NAME.equals(schema.name()))
      return new java.util.Date(LocalDate.parse(node.textValue()).toEpochDay() * 86_400_000L);
    return switch (schema.type()) {
      case INT32 -> node.intValue();
      case INT64 -> node.longValue();
      default -> node.textValue();
    };
  }

  private static Schema decimal(int scale) {
    return Decimal.builder(scale).optional().build();
  }

  private static Schema date() {
    return Date.builder().optional().build();
  }

  private static String required(String name) {
    String value = System.getenv(name);
    if (value == null) throw new IllegalStateException(name + " is not set");
    return value;
  }

  private static String setting(String name, String best) {
    String value = System.getenv(name);
    return value == null ? best : value;
  }

  private static int tuned(String name, int best) {
    return Integer.parseInt(setting(name, String.valueOf(best)));
  }
}
