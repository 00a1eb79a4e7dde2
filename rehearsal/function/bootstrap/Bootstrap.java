import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Runs a Java handler over the Runtime API, as Lambda's Java runtime does.
 *
 * <p>{@code java Bootstrap.java} compiles and starts it, so it stays one file (Java 21 and earlier accept only one).
 */
public class Bootstrap {
  private static final String CORE = "com.amazonaws.services.lambda.runtime.";

  interface Handler {
    byte[] handle(byte[] event, Map<String, String> headers) throws Throwable;
  }

  public static void main(String[] ignored) throws Exception {
    Handler handler;
    try {
      handler = load(System.getenv("_HANDLER"));
    } catch (Throwable error) {
      report("init/error", causeOf(error));
      System.exit(1);
      return;
    }
    while (true) {
      serve(handler);
    }
  }

  static void serve(Handler handler) throws Exception {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    byte[] event = call("GET", "invocation/next", null, headers);
    String invocation = "invocation/" + headers.get("Lambda-Runtime-Aws-Request-Id");
    try {
      call("POST", invocation + "/response", handler.handle(event, headers), null);
    } catch (Throwable error) {
      report(invocation + "/error", causeOf(error));
    }
  }

  /** An error of the function itself, without the wrapper of reflection. */
  static Throwable causeOf(Throwable error) {
    return error instanceof InvocationTargetException ? error.getCause() : error;
  }

  static byte[] call(String method, String path, byte[] body, Map<String, String> headers) throws IOException {
    URI address = URI.create("http://" + System.getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/" + path);
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setRequestMethod(method);
    if (body != null) {
      connection.setDoOutput(true);
      try (OutputStream output = connection.getOutputStream()) {
        output.write(body);
      }
    }
    byte[] response = connection.getInputStream().readAllBytes();
    connection.getHeaderFields().forEach((name, values) -> {
      if (headers != null && name != null) {
        headers.put(name, values.get(0));
      }
    });
    return response;
  }

  static void report(String path, Throwable error) throws IOException {
    error.printStackTrace();
    Map<String, Object> body = new LinkedHashMap<>();
    boolean missing = error instanceof ClassNotFoundException;
    body.put("errorType", error.getClass().getName());
    body.put("errorMessage", missing ? "Class not found: " + error.getMessage() : String.valueOf(error.getMessage()));
    body.put("stackTrace", Arrays.stream(error.getStackTrace()).map(String::valueOf).toList());
    call("POST", path, JsonWriter.write(body).getBytes(StandardCharsets.UTF_8), null);
  }

  static Handler load(String name) throws Exception {
    String[] parts = name.split("::");
    Class<?> type = Class.forName(parts[0]);
    Object instance = type.getConstructor().newInstance();
    if (implementsInterface(type, CORE + "RequestStreamHandler")) {
      return streamHandler(type, instance);
    }
    Method method = findMethod(type, parts.length > 1 ? parts[1] : "handleRequest");
    return (event, headers) -> {
      Class<?>[] parameters = method.getParameterTypes();
      Object[] values = new Object[parameters.length];
      for (int i = 0; i < values.length; i++) {
        boolean isContext = parameters[i].getName().equals(CORE + "Context");
        values[i] = isContext ? context(headers) : parse(event, method.getGenericParameterTypes()[i]);
      }
      return JsonWriter.write(method.invoke(instance, values)).getBytes(StandardCharsets.UTF_8);
    };
  }

  static Object parse(byte[] event, Type type) throws Exception {
    return Binding.bind(JsonReader.read(new String(event, StandardCharsets.UTF_8)), type);
  }

  static Handler streamHandler(Class<?> type, Object instance) throws Exception {
    Class<?> context = Class.forName(CORE + "Context");
    Method method = type.getMethod("handleRequest", InputStream.class, OutputStream.class, context);
    return (event, headers) -> {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      method.invoke(instance, new ByteArrayInputStream(event), output, context(headers));
      return output.toByteArray();
    };
  }

  static boolean implementsInterface(Class<?> type, String name) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      if (Arrays.stream(at.getInterfaces()).anyMatch(one -> one.getName().equals(name))) {
        return true;
      }
    }
    return false;
  }

  static Method findMethod(Class<?> type, String name) {
    String message = "No method named %s with appropriate method signature found on class %s";
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getName().equals(name) && !method.isBridge())
        .max(Comparator.comparingInt(Method::getParameterCount))
        .orElseThrow(() -> new IllegalArgumentException(message.formatted(name, type.getName())));
  }

  static Object context(Map<String, String> headers) throws ClassNotFoundException {
    long deadline = Long.parseLong(headers.get("Lambda-Runtime-Deadline-Ms"));
    Class<?> type = Class.forName(CORE + "Context");
    return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) ->
        switch (method.getName()) {
          case "getAwsRequestId" -> headers.get("Lambda-Runtime-Aws-Request-Id");
          case "getInvokedFunctionArn" -> headers.get("Lambda-Runtime-Invoked-Function-Arn");
          case "getFunctionName" -> System.getenv("AWS_LAMBDA_FUNCTION_NAME");
          case "getFunctionVersion" -> System.getenv("AWS_LAMBDA_FUNCTION_VERSION");
          case "getMemoryLimitInMB" -> Integer.valueOf(System.getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
          case "getRemainingTimeInMillis" -> (int) Math.max(0, deadline - System.currentTimeMillis());
          case "getLogGroupName" -> System.getenv("AWS_LAMBDA_LOG_GROUP_NAME");
          case "getLogStreamName" -> System.getenv("AWS_LAMBDA_LOG_STREAM_NAME");
          case "getLogger" -> logger();
          case "toString" -> "Context";
          default -> null;
        });
  }

  static Object logger() throws ClassNotFoundException {
    Class<?> type = Class.forName(CORE + "LambdaLogger");
    return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) -> {
      if (method.getName().equals("log")) {
        boolean isBytes = values[0] instanceof byte[];
        System.out.println(isBytes ? new String((byte[]) values[0], StandardCharsets.UTF_8) : values[0]);
      }
      return null;
    });
  }
}

/** Parses JSON into maps, lists, strings, numbers, booleans and null. */
class JsonReader {
  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  static Object read(String text) {
    return new JsonReader(text).value();
  }

  private char next() {
    while (Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return text.charAt(at);
  }

  private Object value() {
    return switch (next()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> literal("true", true);
      case 'f' -> literal("false", false);
      case 'n' -> literal("null", null);
      default -> number();
    };
  }

  private Object literal(String written, Object value) {
    at += written.length();
    return value;
  }

  private Object object() {
    Map<String, Object> result = new LinkedHashMap<>();
    at++;
    while (next() != '}') {
      String name = string();
      next();
      at++; // the colon
      result.put(name, value());
      if (next() == ',') {
        at++;
      }
    }
    at++;
    return result;
  }

  private Object array() {
    List<Object> result = new ArrayList<>();
    at++;
    while (next() != ']') {
      result.add(value());
      if (next() == ',') {
        at++;
      }
    }
    at++;
    return result;
  }

  private String string() {
    StringBuilder result = new StringBuilder();
    next();
    for (at++; text.charAt(at) != '"'; at++) {
      char c = text.charAt(at);
      result.append(c == '\\' ? escaped() : c);
    }
    at++;
    return result.toString();
  }

  private char escaped() {
    char c = text.charAt(++at);
    if (c == 'u') {
      at += 4;
      return (char) Integer.parseInt(text.substring(at - 3, at + 1), 16);
    }
    int index = "bfnrt".indexOf(c);
    return index < 0 ? c : "\b\f\n\r\t".charAt(index);
  }

  private Object number() {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String number = text.substring(start, at);
    if (number.matches("-?\\d{1,9}")) {
      return Integer.valueOf(number);
    }
    return number.matches("-?\\d{1,18}") ? (Object) Long.valueOf(number) : Double.valueOf(number);
  }
}

/** Converts parsed JSON to the type of a handler's parameter: collections, beans, records and enums. */
class Binding {
  private Binding() {}

  @SuppressWarnings({"unchecked", "rawtypes"})
  static Object bind(Object value, Type type) throws Exception {
    Class<?> raw = raw(type);
    if (value == null) {
      return null;
    }
    if (value instanceof Number number) {
      return number(number, raw);
    }
    if (value instanceof List<?> list) {
      return list(list, type, raw);
    }
    if (value instanceof Map map && !raw.isInstance(value)) {
      return raw.isRecord() ? record(map, raw) : bean(map, raw);
    }
    if (value instanceof Map<?, ?> map && type instanceof ParameterizedType generic) {
      return map(map, generic.getActualTypeArguments()[1]);
    }
    if (value instanceof String text && raw.isEnum()) {
      return Enum.valueOf((Class<Enum>) raw, text);
    }
    if (value instanceof Boolean && raw == boolean.class || raw.isInstance(value)) {
      return value;
    }
    String message = "An error occurred during JSON parsing: %s is not a %s";
    throw new IllegalArgumentException(message.formatted(value, raw.getName()));
  }

  private static Class<?> raw(Type type) {
    if (type instanceof Class<?> plain) {
      return plain;
    }
    return type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : Object.class;
  }

  private static Object number(Number number, Class<?> raw) {
    if (raw == int.class || raw == Integer.class) {
      return number.intValue();
    }
    if (raw == long.class || raw == Long.class) {
      return number.longValue();
    }
    if (raw == double.class || raw == Double.class) {
      return number.doubleValue();
    }
    if (raw == String.class) {
      return number.toString();
    }
    return raw == BigDecimal.class ? new BigDecimal(number.toString()) : number;
  }

  private static Object map(Map<?, ?> map, Type valueType) throws Exception {
    Map<Object, Object> result = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      result.put(entry.getKey(), bind(entry.getValue(), valueType));
    }
    return result;
  }

  private static Object list(List<?> list, Type type, Class<?> raw) throws Exception {
    Type item = itemType(type, raw);
    List<Object> result = new ArrayList<>();
    for (Object one : list) {
      result.add(bind(one, item));
    }
    if (!raw.isArray()) {
      return Set.class.isAssignableFrom(raw) ? new LinkedHashSet<>(result) : result;
    }
    Object array = Array.newInstance(raw.getComponentType(), result.size());
    for (int i = 0; i < result.size(); i++) {
      Array.set(array, i, result.get(i));
    }
    return array;
  }

  private static Type itemType(Type type, Class<?> raw) {
    if (type instanceof ParameterizedType generic) {
      return generic.getActualTypeArguments()[0];
    }
    return raw.isArray() ? raw.getComponentType() : Object.class;
  }

  private static Object record(Map<String, Object> map, Class<?> raw) throws Exception {
    RecordComponent[] components = raw.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bind(map.get(components[i].getName()), components[i].getGenericType());
    }
    Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Constructor<?> constructor = raw.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  private static Object bean(Map<String, Object> map, Class<?> raw) throws Exception {
    Constructor<?> constructor = raw.getDeclaredConstructor();
    constructor.setAccessible(true);
    Object bean = constructor.newInstance();
    for (Method method : raw.getMethods()) {
      if (!method.getName().startsWith("set") || method.getParameterCount() != 1) {
        continue;
      }
      String name = propertyName(method.getName(), 3);
      method.setAccessible(true);
      if (map.containsKey(name)) {
        method.invoke(bean, bind(map.get(name), method.getGenericParameterTypes()[0]));
      }
    }
    for (Field field : raw.getFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && map.containsKey(field.getName())) {
        field.set(bean, bind(map.get(field.getName()), field.getGenericType()));
      }
    }
    return bean;
  }

  /** The property of a getter or a setter: {@code count} for {@code getCount}. */
  static String propertyName(String method, int prefix) {
    return Character.toLowerCase(method.charAt(prefix)) + method.substring(prefix + 1);
  }
}

/** Renders the result of a handler as JSON. */
class JsonWriter {
  private JsonWriter() {}

  static String write(Object value) throws IOException {
    try {
      return render(value);
    } catch (ReflectiveOperationException error) {
      throw new IOException("An error occurred during JSON serialization of the response", error);
    }
  }

  private static String render(Object value) throws ReflectiveOperationException {
    if (value == null || value instanceof Number || value instanceof Boolean) {
      return String.valueOf(value);
    }
    if (value instanceof CharSequence || value instanceof Enum || value instanceof Character) {
      return quote(value.toString());
    }
    if (value.getClass().isArray()) {
      StringJoiner items = new StringJoiner(",", "[", "]");
      for (int i = 0; i < Array.getLength(value); i++) {
        items.add(render(Array.get(value, i)));
      }
      return items.toString();
    }
    if (value instanceof Iterable<?> list) {
      StringJoiner items = new StringJoiner(",", "[", "]");
      for (Object one : list) {
        items.add(render(one));
      }
      return items.toString();
    }
    return renderObject(value instanceof Map<?, ?> map ? map : propertiesOf(value));
  }

  private static String renderObject(Map<?, ?> values) throws ReflectiveOperationException {
    StringJoiner fields = new StringJoiner(",", "{", "}");
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      fields.add(quote(String.valueOf(entry.getKey())) + ":" + render(entry.getValue()));
    }
    return fields.toString();
  }

  private static Map<String, Object> propertiesOf(Object value) throws ReflectiveOperationException {
    Class<?> type = value.getClass();
    Map<String, Object> result = new TreeMap<>();
    if (type.isRecord()) {
      for (RecordComponent component : type.getRecordComponents()) {
        result.put(component.getName(), get(value, component.getAccessor()));
      }
      return result;
    }
    for (Method method : type.getMethods()) {
      boolean inherited = method.getDeclaringClass() == Object.class || Modifier.isStatic(method.getModifiers());
      if (method.getParameterCount() > 0 || inherited) {
        continue;
      }
      if (method.getName().matches("get[A-Z].*")) {
        result.put(Binding.propertyName(method.getName(), 3), get(value, method));
      }
      if (method.getName().matches("is[A-Z].*")) {
        result.put(Binding.propertyName(method.getName(), 2), get(value, method));
      }
    }
    for (Field field : type.getFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        result.put(field.getName(), field.get(value));
      }
    }
    return result;
  }

  private static Object get(Object value, Method method) throws ReflectiveOperationException {
    method.setAccessible(true);
    return method.invoke(value);
  }

  private static String quote(String text) {
    StringBuilder result = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        result.append('\\').append(c);
      } else {
        result.append(c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
      }
    }
    return result.append('"').toString();
  }
}
