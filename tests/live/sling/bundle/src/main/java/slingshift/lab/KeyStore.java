package slingshift.lab;

import java.io.IOException;

import javax.json.Json;
import javax.json.JsonArrayBuilder;
import javax.json.JsonObjectBuilder;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

import org.apache.sling.api.SlingHttpServletRequest;
import org.apache.sling.api.resource.Resource;
import org.apache.sling.api.resource.ValueMap;

/**
 * What AEM tells of a user's key store under USER.ks.json: its aliases and their certificates. Here they are plain
 * nodes below the user's node keystore, since nothing that is tested looks into the file.
 */
final class KeyStore extends HttpServlet {

    static final String SELECTOR = "ks";
    static final String[] TYPES = {"rep:User", "rep:SystemUser"};

    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Resource store = ((SlingHttpServletRequest) request).getResource().getChild("keystore");
        JsonArrayBuilder aliases = Json.createArrayBuilder();
        if (store != null) {
            for (Resource alias : store.getChildren()) {
                if (!"store.p12".equals(alias.getName())) {
                    aliases.add(entry(alias));
                }
            }
        }
        response.setContentType("application/json");
        Json.createWriter(response.getWriter())
                .writeObject(Json.createObjectBuilder().add("exists", store != null).add("aliases", aliases).build());
    }

    private static JsonObjectBuilder entry(Resource alias) {
        ValueMap values = alias.getValueMap();
        JsonObjectBuilder certificate = Json.createObjectBuilder();
        for (String name : new String[] {"subject", "issuer", "notBefore", "notAfter", "serialNumber"}) {
            certificate.add(name, values.get(name, ""));
        }
        return Json.createObjectBuilder().add("alias", alias.getName()).add("entryType", "privateKey")
                .add("algorithm", "RSA").add("format", "PKCS#8").add("chain", Json.createArrayBuilder().add(certificate));
    }
}
