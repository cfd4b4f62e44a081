package slingshift.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularData;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;

/** Judges what the consumers of the two factories really have, as AEM would when it asked for a token. */
final class SimilaritySearch implements SimilaritySearchMBean {

    static final String NAME = "com.day.cq.dam.similaritysearch.internal.impl:type=similaritysearch";

    static final String PROVIDER = "com.adobe.granite.auth.oauth.accesstoken.provider";
    static final String CUSTOMIZER = "com.adobe.granite.auth.ims.impl.IMSAccessTokenRequestCustomizerImpl";

    private static final String OURS = "adobe-ims-similaritysearch";
    private static final String[] COLUMNS = {"Configuration", "Status", "Message"};

    private final Deliveries deliveries;
    private final Switches switches;

    SimilaritySearch(Deliveries deliveries, Switches switches) {
        this.deliveries = deliveries;
        this.switches = switches;
    }

    @Override
    public TabularData validateConfigs() throws OpenDataException {
        String forced = switches.get(Switches.STATUS);
        if ("exception".equals(forced)) {
            throw new IllegalStateException("the similarity search service is not there");
        }
        List<Map<String, Object>> providers = with(PROVIDER, "name", OURS);
        String type = providers.size() == 1 ? text(providers.get(0), "token.request.customizer.type") : OURS;
        Map<String, String> faults = new LinkedHashMap<>();
        faults.put("Access token provider", one(providers, SimilaritySearch::faultOfProvider));
        faults.put("Access token request customizer", one(with(CUSTOMIZER, "customizer.type", type),
                customizer -> text(customizer, "auth.ims.client.secret").isEmpty() ? "there is no secret" : ""));
        return table(faults, forced);
    }

    private interface Check {
        String fault(Map<String, Object> values);
    }

    private static String one(List<Map<String, Object>> found, Check check) {
        return found.size() == 1 ? check.fault(found.get(0)) : "there are " + found.size() + ", not one";
    }

    private static String faultOfProvider(Map<String, Object> provider) {
        if (!"client_credentials".equals(text(provider, "auth.token.provider.authorization.grants"))) {
            return "the grant is not client_credentials";
        }
        if (!text(provider, "auth.access.token.request").contains("/ims/token/")) {
            return "the URL is not that of the token endpoint";
        }
        for (String needed : List.of("client.id", "orgId", "scope")) {
            if (text(provider, "auth.token.provider." + needed).isEmpty()) {
                return "there is no " + needed;
            }
        }
        return "";
    }

    private List<Map<String, Object>> with(String factory, String property, String value) {
        List<Map<String, Object>> found = new ArrayList<>();
        for (Map<String, Object> values : deliveries.of(factory).values()) {
            if (value.equals(text(values, property))) {
                found.add(values);
            }
        }
        return found;
    }

    private static String text(Map<String, Object> values, String property) {
        return String.valueOf(values.getOrDefault(property, ""));
    }

    private static TabularData table(Map<String, String> faults, String forced) throws OpenDataException {
        OpenType<?>[] types = {SimpleType.STRING, SimpleType.STRING, SimpleType.STRING};
        CompositeType row = new CompositeType("row", "one check", COLUMNS, COLUMNS, types);
        TabularDataSupport table = new TabularDataSupport(new TabularType("table", "checks", row, new String[] {COLUMNS[0]}));
        for (Map.Entry<String, String> fault : faults.entrySet()) {
            String status = !forced.isEmpty() ? forced : fault.getValue().isEmpty() ? "passed" : "failed";
            table.put(new CompositeDataSupport(row, COLUMNS, new Object[] {fault.getKey(), status, fault.getValue()}));
        }
        return table;
    }
}
