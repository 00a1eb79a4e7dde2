/** Runs a Java handler as Lambda's Java runtime does, over the Runtime API. Started as a source file, so that nothing has to be compiled before. */
export const JAVA_BOOTSTRAP = String.raw`
import java.io.*;
import java.lang.reflect.*;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.*;

public class Bootstrap {
  interface Handler {
    byte[] handle(byte[] event, Map<String, String> headers) throws Throwable;
  }

  static final String CORE = "com.amazonaws.services.lambda.runtime.";

  public static void main(String[] ignored) throws Exception {
    Handler handler;
    try {
      handler = load(System.getenv("_HANDLER"));
    } catch (Throwable error) {
      report("init/error", error);
      System.exit(1);
      return;
    }
    while (true) serve(handler);
  }

  static void serve(Handler handler) throws Exception {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    byte[] event = call("GET", "invocation/next", null, headers);
    String answer = "invocation/" + headers.get("Lambda-Runtime-Aws-Request-Id");
    try {
      call("POST", answer + "/response", handler.handle(event, headers), null);
    } catch (Throwable error) {
      report(answer + "/error", error instanceof InvocationTargetException ? error.getCause() : error);
    }
  }

  static byte[] call(String method, String path, byte[] body, Map<String, String> headers) throws IOException {
    URL url = new URL("http://" + System.getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/" + path);
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    connection.setRequestMethod(method);
    if (body != null) {
      connection.setDoOutput(true);
      connection.getOutputStream().write(body);
    }
    byte[] answer = connection.getInputStream().readAllBytes();
    if (headers != null) connection.getHeaderFields().forEach((name, values) -> { if (name != null) headers.put(name, values.get(0)); });
    return answer;
  }

  static void report(String path, Throwable error) throws IOException {
    error.printStackTrace();
    Map<String, Object> body = new LinkedHashMap<>();
    boolean missing = error instanceof ClassNotFoundException;
    body.put("errorType", error.getClass().getName());
    body.put("errorMessage", missing ? "Class not found: " + error.getMessage() : String.valueOf(error.getMessage()));
    body.put("stackTrace", Arrays.stream(error.getStackTrace()).map(String::valueOf).toList());
    call("POST", path, Json.write(body).getBytes(StandardCharsets.UTF_8), null);
  }

  static Handler load(String name) throws Exception {
    String[] parts = name.split("::");
    Class<?> type = Class.forName(parts[0]);
    Object instance = type.getConstructor().newInstance();
    if (implementsInterface(type, CORE + "RequestStreamHandler")) return stream(type, instance);
    Method method = find(type, parts.length > 1 ? parts[1] : "handleRequest");
    return (event, headers) -> {
      Class<?>[] wanted = method.getParameterTypes();
      Object[] values = new Object[wanted.length];
      for (int i = 0; i < values.length; i++) {
        boolean context = wanted[i].getName().equals(CORE + "Context");
        values[i] = context ? context(headers) : Json.bind(Json.read(new String(event, StandardCharsets.UTF_8)), method.getGenericParameterTypes()[i]);
      }
      return Json.write(method.invoke(instance, values)).getBytes(StandardCharsets.UTF_8);
    };
  }

  static Handler stream(Class<?> type, Object instance) throws Exception {
    Method method = type.getMethod("handleRequest", InputStream.class, OutputStream.class, Class.forName(CORE + "Context"));
    return (event, headers) -> {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      method.invoke(instance, new ByteArrayInputStream(event), output, context(headers));
      return output.toByteArray();
    };
  }

  static boolean implementsInterface(Class<?> type, String name) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (Class<?> one : at.getInterfaces()) if (one.getName().equals(name)) return true;
    }
    return false;
  }

  static Method find(Class<?> type, String name) {
    return Arrays.stream(type.getMethods()).filter(method -> method.getName().equals(name) && !method.isBridge())
        .max(Comparator.comparingInt(Method::getParameterCount))
        .orElseThrow(() -> new IllegalArgumentException("No method named " + name + " with appropriate method signature found on class " + type.getName()));
  }

  static Object context(Map<String, String> headers) throws ClassNotFoundException {
    long deadline = Long.parseLong(headers.get("Lambda-Runtime-Deadline-Ms"));
    Class<?> context = Class.forName(CORE + "Context");
    return Proxy.newProxyInstance(context.getClassLoader(), new Class<?>[] {context}, (proxy, method, values) -> switch (method.getName()) {
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
    Class<?> logger = Class.forName(CORE + "LambdaLogger");
    return Proxy.newProxyInstance(logger.getClassLoader(), new Class<?>[] {logger}, (proxy, method, values) -> {
      if (!method.getName().equals("log")) return null;
      System.out.println(values[0] instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : values[0]);
      return null;
    });
  }
}

/** JSON to and from plain Java: maps, lists, beans, records and enums. */
class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  static Object read(String text) {
    return new Json(text).value();
  }

  private char next() {
    while (Character.isWhitespace(text.charAt(at))) at++;
    return text.charAt(at);
  }

  private Object value() {
    switch (next()) {
      case '{': return object();
      case '[': return array();
      case '"': return string();
      case 't': at += 4; return true;
      case 'f': at += 5; return false;
      case 'n': at += 4; return null;
      default: return number();
    }
  }

  private Object object() {
    Map<String, Object> result = new LinkedHashMap<>();
    at++;
    while (next() != '}') {
      String name = string();
      next();
      at++; // :
      result.put(name, value());
      if (next() == ',') at++;
    }
    at++;
    return result;
  }

  private Object array() {
    List<Object> result = new ArrayList<>();
    at++;
    while (next() != ']') {
      result.add(value());
      if (next() == ',') at++;
    }
    at++;
    return result;
  }

  private String string() {
    StringBuilder result = new StringBuilder();
    next();
    for (at++; text.charAt(at) != '"'; at++) {
      char c = text.charAt(at);
      if (c != '\\') {
        result.append(c);
        continue;
      }
      char escaped = text.charAt(++at);
      int index = "bfnrt".indexOf(escaped);
      if (escaped == 'u') {
        result.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
        at += 4;
      } else {
        result.append(index < 0 ? escaped : "\b\f\n\r\t".charAt(index));
      }
    }
    at++;
    return result.toString();
  }

  private Object number() {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
    String number = text.substring(start, at);
    if (number.matches("-?\\d{1,9}")) return Integer.valueOf(number);
    return number.matches("-?\\d{1,18}") ? (Object) Long.valueOf(number) : Double.valueOf(number);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  static Object bind(Object value, Type type) throws Exception {
    Class<?> raw = raw(type);
    if (value == null) return null;
    if (value instanceof Number number) return number(number, raw);
    if (value instanceof List<?> list) return list(list, type, raw);
    if (value instanceof Map map && !raw.isInstance(value)) return raw.isRecord() ? record(map, raw) : bean(map, raw);
    if (value instanceof Map<?, ?> map && type instanceof ParameterizedType generic) {
      Map<Object, Object> result = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) result.put(entry.getKey(), bind(entry.getValue(), generic.getActualTypeArguments()[1]));
      return result;
    }
    if (value instanceof String text && raw.isEnum()) return Enum.valueOf((Class<Enum>) raw, text);
    if (value instanceof Boolean && raw == boolean.class || raw.isInstance(value)) return value;
    throw new IllegalArgumentException("An error occurred during JSON parsing: " + value + " is no " + raw.getName());
  }

  private static Class<?> raw(Type type) {
    if (type instanceof Class<?> plain) return plain;
    return type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : Object.class;
  }

  private static Object number(Number number, Class<?> raw) {
    if (raw == int.class || raw == Integer.class) return number.intValue();
    if (raw == long.class || raw == Long.class) return number.longValue();
    if (raw == double.class || raw == Double.class) return number.doubleValue();
    if (raw == String.class) return number.toString();
    if (raw == java.math.BigDecimal.class) return new java.math.BigDecimal(number.toString());
    return number;
  }

  private static Object list(List<?> list, Type type, Class<?> raw) throws Exception {
    Type item = type instanceof ParameterizedType generic ? generic.getActualTypeArguments()[0] : raw.isArray() ? raw.getComponentType() : Object.class;
    List<Object> result = new ArrayList<>();
    for (Object one : list) result.add(bind(one, item));
    if (!raw.isArray()) return Set.class.isAssignableFrom(raw) ? new LinkedHashSet<>(result) : result;
    Object array = Array.newInstance(raw.getComponentType(), result.size());
    for (int i = 0; i < result.size(); i++) Array.set(array, i, result.get(i));
    return array;
  }

  private static Object record(Map<String, Object> map, Class<?> raw) throws Exception {
    RecordComponent[] components = raw.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) values[i] = bind(map.get(components[i].getName()), components[i].getGenericType());
    Constructor<?> constructor = raw.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  private static Object bean(Map<String, Object> map, Class<?> raw) throws Exception {
    Constructor<?> constructor = raw.getDeclaredConstructor();
    constructor.setAccessible(true);
    Object bean = constructor.newInstance();
    for (Method method : raw.getMethods()) {
      if (!method.getName().startsWith("set") || method.getParameterCount() != 1) continue;
      String name = property(method.getName(), 3);
      method.setAccessible(true);
      if (map.containsKey(name)) method.invoke(bean, bind(map.get(name), method.getGenericParameterTypes()[0]));
    }
    for (Field field : raw.getFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && map.containsKey(field.getName())) field.set(bean, bind(map.get(field.getName()), field.getGenericType()));
    }
    return bean;
  }

  private static String property(String method, int prefix) {
    return Character.toLowerCase(method.charAt(prefix)) + method.substring(prefix + 1);
  }

  static String write(Object value) throws IOException {
    try {
      return render(value);
    } catch (ReflectiveOperationException error) {
      throw new IOException("An error occurred during JSON serialization of the response", error);
    }
  }

  private static String render(Object value) throws ReflectiveOperationException {
    if (value == null || value instanceof Number || value instanceof Boolean) return String.valueOf(value);
    if (value instanceof CharSequence || value instanceof Enum || value instanceof Character) return quote(value.toString());
    StringJoiner items = new StringJoiner(",", "[", "]");
    if (value.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(value); i++) items.add(render(Array.get(value, i)));
      return items.toString();
    }
    if (value instanceof Iterable<?> list) {
      for (Object one : list) items.add(render(one));
      return items.toString();
    }
    StringJoiner fields = new StringJoiner(",", "{", "}");
    for (Map.Entry<?, ?> entry : (value instanceof Map<?, ?> map ? map : properties(value)).entrySet()) {
      fields.add(quote(String.valueOf(entry.getKey())) + ":" + render(entry.getValue()));
    }
    return fields.toString();
  }

  private static Map<String, Object> properties(Object value) throws ReflectiveOperationException {
    Map<String, Object> result = new TreeMap<>();
    if (value.getClass().isRecord()) {
      for (RecordComponent component : value.getClass().getRecordComponents()) result.put(component.getName(), get(value, component.getAccessor()));
      return result;
    }
    for (Method method : value.getClass().getMethods()) {
      if (method.getParameterCount() > 0 || method.getDeclaringClass() == Object.class || Modifier.isStatic(method.getModifiers())) continue;
      if (method.getName().matches("get[A-Z].*")) result.put(property(method.getName(), 3), get(value, method));
      if (method.getName().matches("is[A-Z].*")) result.put(property(method.getName(), 2), get(value, method));
    }
    for (Field field : value.getClass().getFields()) if (!Modifier.isStatic(field.getModifiers())) result.put(field.getName(), field.get(value));
    return result;
  }

  private static Object get(Object value, Method method) throws ReflectiveOperationException {
    method.setAccessible(true);
    return method.invoke(value);
  }

  private static String quote(String text) {
    StringBuilder result = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') result.append('\\').append(c);
      else result.append(c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
    }
    return result.append('"').toString();
  }
}
`;
