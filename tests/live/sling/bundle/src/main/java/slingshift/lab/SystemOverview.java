package slingshift.lab;

import java.io.IOException;

import javax.json.Json;
import javax.json.JsonObjectBuilder;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** The export of AEM's system overview, as far as it tells the version. */
final class SystemOverview extends HttpServlet {

    static final String PATH = "/libs/granite/operations/content/systemoverview/export.json";

    private static final long serialVersionUID = 1;

    private final transient Switches switches;

    SystemOverview(Switches switches) {
        this.switches = switches;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        JsonObjectBuilder instance = Json.createObjectBuilder()
                .add("Adobe Experience Manager", switches.get(Switches.PRODUCT));
        response.setContentType("application/json");
        Json.createWriter(response.getWriter()).writeObject(Json.createObjectBuilder().add("Instance", instance).build());
    }
}
