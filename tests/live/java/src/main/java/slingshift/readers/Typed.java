package slingshift.readers;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;

/** Typed values as text, both ways. Floats and doubles go by their bits, as signed integers. */
final class Typed {
    private static final Map<String, Class<?>> CLASSES = Map.ofEntries(
            Map.entry("String", String.class), Map.entry("Integer", Integer.class),
            Map.entry("Long", Long.class), Map.entry("Float", Float.class),
            Map.entry("Double", Double.class), Map.entry("Byte", Byte.class),
            Map.entry("Short", Short.class), Map.entry("Character", Character.class),
            Map.entry("Boolean", Boolean.class), Map.entry("int", int.class), Map.entry("long", long.class),
            Map.entry("float", float.class), Map.entry("double", double.class), Map.entry("byte", byte.class),
            Map.entry("short", short.class), Map.entry("char", char.class),
            Map.entry("boolean", boolean.class));

    private Typed() {}

    static String toJson(Dictionary<String, Object> values) {
        StringBuilder json = new StringBuilder("{");
        for (String key : Collections.list(values.keys())) {
            json.append(json.length() == 1 ? "" : ",").append(Json.string(key)).append(':');
            describe(json, values.get(key));
        }
        return json.append('}').toString();
    }

    private static void describe(StringBuilder json, Object value) {
        List<Object> items = new ArrayList<>();
        String type;
        if (value.getClass().isArray()) {
            type = value.getClass().getComponentType().getSimpleName() + "[]";
            for (int i = 0; i < Array.getLength(value); i++) {
                items.add(Array.get(value, i));
            }
        } else if (value instanceof Collection) {
            items.addAll((Collection<?>) value);
            type = "Collection<" + element(items) + ">";
        } else {
            type = value.getClass().getSimpleName();
            items.add(value);
        }
        json.append("{\"type\":").append(Json.string(type)).append(",\"values\":[");
        for (int i = 0; i < items.size(); i++) {
            json.append(i == 0 ? "" : ",").append(item(items.get(i)));
        }
        json.append("]}");
    }

    /** The one type of the items, nulls apart; "?" when nothing tells it. */
    private static String element(List<Object> items) {
        String found = "?";
        for (Object item : items) {
            if (item == null) {
                continue;
            }
            String type = item.getClass().getSimpleName();
            if (!found.equals("?") && !found.equals(type)) {
                return "mixed";
            }
            found = type;
        }
        return found;
    }

    private static String item(Object item) {
        if (item instanceof Float) {
            return Integer.toString(Float.floatToRawIntBits((Float) item));
        }
        if (item instanceof Double) {
            return Long.toString(Double.doubleToRawLongBits((Double) item));
        }
        if (item == null || item instanceof Number || item instanceof Boolean) {
            return String.valueOf(item);
        }
        return Json.string(item.toString());
    }

    /**
     * {@code KEY=TYPE:ITEM,ITEM;KEY=...}; keys and items in hexadecimal UTF-16, each item ended by a comma.
     * The order is kept.
     */
    static Dictionary<String, Object> parse(String text) {
        OrderedDictionary values = new OrderedDictionary();
        for (String property : text.isEmpty() ? new String[0] : text.split(";")) {
            int equals = property.indexOf('=');
            int colon = property.indexOf(':', equals);
            values.put(
                    fromHex(property.substring(0, equals)),
                    value(property.substring(equals + 1, colon), property.substring(colon + 1)));
        }
        return values;
    }

    private static Object value(String type, String text) {
        List<String> texts = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int comma = text.indexOf(',', start);
            texts.add(fromHex(text.substring(start, comma)));
            start = comma + 1;
        }
        if (type.endsWith("[]")) {
            String element = type.substring(0, type.length() - 2);
            Object array = Array.newInstance(CLASSES.get(element), texts.size());
            for (int i = 0; i < texts.size(); i++) {
                Array.set(array, i, scalar(element, texts.get(i)));
            }
            return array;
        }
        if (type.startsWith("Collection<")) {
            List<Object> items = new ArrayList<>();
            for (String item : texts) {
                items.add(scalar(type.substring("Collection<".length(), type.length() - 1), item));
            }
            return items;
        }
        return scalar(type, texts.get(0));
    }

    private static Object scalar(String type, String text) {
        switch (type.toLowerCase(java.util.Locale.ROOT)) {
            case "string":
                return text;
            case "char":
            case "character":
                return text.charAt(0);
            case "boolean":
                return Boolean.valueOf(text);
            case "float":
                return Float.intBitsToFloat(Integer.parseInt(text));
            case "double":
                return Double.longBitsToDouble(Long.parseLong(text));
            case "byte":
                return Byte.valueOf(text);
            case "short":
                return Short.valueOf(text);
            case "long":
                return Long.valueOf(text);
            default:
                return Integer.valueOf(text);
        }
    }

    private static String fromHex(String hex) {
        StringBuilder text = new StringBuilder(hex.length() / 4);
        for (int i = 0; i < hex.length(); i += 4) {
            text.append((char) Integer.parseInt(hex.substring(i, i + 4), 16));
        }
        return text.toString();
    }
}
