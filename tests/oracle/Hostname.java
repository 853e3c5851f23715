import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;

/**
 * What this JVM's own X509TrustManagerImpl.checkIdentity says of a host and a certificate.
 *
 * Reads lines "DER in base64, blank, host in base64 of UTF-16BE" and answers each with "fits", "differs MESSAGE" or
 * "unparseable MESSAGE". The session holds the host and what the client would send in server_name for it. A line
 * "idn TEXT" (UTF-16BE in base64) is answered with what java.net.IDN.toASCII makes of it, or "!".
 *
 * java --add-opens java.base/sun.security.ssl=ALL-UNNAMED Hostname.java
 */
public final class Hostname {
    public static void main(String[] arguments) throws Exception {
        Class<?> utilities = Class.forName("sun.security.ssl.Utilities");
        Method serverNames = utilities.getDeclaredMethod("addToSNIServerNameList", List.class, String.class);
        serverNames.setAccessible(true);
        Method check = Class.forName("sun.security.ssl.X509TrustManagerImpl").getDeclaredMethod(
            "checkIdentity", SSLSession.class, X509Certificate[].class, String.class, boolean.class);
        check.setAccessible(true);
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        Map<String, Object> known = new HashMap<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        StringBuilder out = new StringBuilder();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int blank = line.indexOf(' ');
            String first = line.substring(0, blank);
            String text = new String(Base64.getDecoder().decode(line.substring(blank + 1)), StandardCharsets.UTF_16BE);
            out.append(first.equals("idn") ? ascii(text) : verdict(factory, known, serverNames, check, first, text));
            out.append('\n');
        }
        System.out.write(out.toString().getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    private static String ascii(String text) {
        try {
            return IDN.toASCII(text);
        } catch (IllegalArgumentException failure) {
            return "!";
        }
    }

    private static String verdict(CertificateFactory factory, Map<String, Object> known, Method serverNames,
            Method check, String encoded, String host) throws Exception {
        Object certificate = known.computeIfAbsent(encoded, key -> {
            try {
                return factory.generateCertificate(new ByteArrayInputStream(Base64.getDecoder().decode(key)));
            } catch (CertificateException failure) {
                return oneLine("unparseable", failure);
            }
        });
        if (certificate instanceof String) {
            return (String) certificate;
        }
        @SuppressWarnings("unchecked")
        List<SNIServerName> names = (List<SNIServerName>) serverNames.invoke(null, Collections.emptyList(), host);
        try {
            check.invoke(null, new Session(host, names), new X509Certificate[] {(X509Certificate) certificate}, "HTTPS", false);
            return "fits";
        } catch (InvocationTargetException failure) {
            String answer = oneLine("differs", failure.getCause());
            // An address that cannot be written is complained of once, and then passes; a connection asks once.
            if (answer.endsWith("IPAddress cannot be parsed")) {
                known.put(encoded, answer);
            }
            return answer;
        }
    }

    private static String oneLine(String word, Throwable failure) {
        return (word + " " + failure).replaceAll("[\\p{Cntrl}\\s]+", " ");
    }

    /** A session of which only the host and the names sent to it are asked. */
    private static final class Session extends ExtendedSSLSession {
        private final String host;
        private final List<SNIServerName> names;

        Session(String host, List<SNIServerName> names) {
            this.host = host;
            this.names = names;
        }

        @Override public String getPeerHost() { return host; }
        @Override public List<SNIServerName> getRequestedServerNames() { return names; }
        @Override public String[] getLocalSupportedSignatureAlgorithms() { return new String[0]; }
        @Override public String[] getPeerSupportedSignatureAlgorithms() { return new String[0]; }
        @Override public byte[] getId() { return new byte[0]; }
        @Override public SSLSessionContext getSessionContext() { return null; }
        @Override public long getCreationTime() { return 0; }
        @Override public long getLastAccessedTime() { return 0; }
        @Override public void invalidate() { }
        @Override public boolean isValid() { return true; }
        @Override public void putValue(String name, Object value) { }
        @Override public Object getValue(String name) { return null; }
        @Override public void removeValue(String name) { }
        @Override public String[] getValueNames() { return new String[0]; }
        @Override public Certificate[] getPeerCertificates() { return new Certificate[0]; }
        @Override public Certificate[] getLocalCertificates() { return new Certificate[0]; }
        @Override public Principal getPeerPrincipal() { return null; }
        @Override public Principal getLocalPrincipal() { return null; }
        @Override public String getCipherSuite() { return ""; }
        @Override public String getProtocol() { return "TLSv1.2"; }
        @Override public int getPeerPort() { return 443; }
        @Override public int getPacketBufferSize() { return 0; }
        @Override public int getApplicationBufferSize() { return 0; }
    }
}
