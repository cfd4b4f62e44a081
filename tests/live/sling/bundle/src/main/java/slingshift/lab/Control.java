package slingshift.lab;

import java.io.IOException;
import java.util.Map;

import javax.json.Json;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** The tests' own door: GET tells what the consumers received, POST sets switches; for admin only. */
final class Control extends HttpServlet {

    static final String PATH = "/bin/slingshift-lab";

    private static final long serialVersionUID = 1;

    private final transient Deliveries deliveries;
    private final transient Switches switches;

    Control(Deliveries deliveries, Switches switches) {
        this.deliveries = deliveries;
        this.switches = switches;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!"admin".equals(request.getRemoteUser())) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        if ("POST".equals(request.getMethod())) {
            for (Map.Entry<String, String[]> parameter : request.getParameterMap().entrySet()) {
                switches.set(parameter.getKey(), parameter.getValue()[0]);
            }
            deliveries.forgetEvents();
        }
        response.setContentType("application/json");
        response.setCharacterEncoding("UTF-8");
        Json.createWriter(response.getWriter()).writeObject(deliveries.asJson().build());
    }
}
