import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What this JVM's trust managers say of certificate chains, asked from within a TLS 1.2 handshake of its own client.
 *
 * The client is real: its engine, its session, the signature algorithms and the server names in it are what this JVM
 * with its java.security makes them. Its peer is a ServerHello and a Certificate message written here, as it never gets
 * further: the trust manager that the client calls hands on the engine, and with that every case is asked. One
 * handshake without endpoint identification serves for all paths, and one more for each host.
 *
 * The argument says what the lines of the standard input are. Fields are parted by tabs; a comma follows each
 * certificate; certificates and texts are in base64, texts as UTF-8.
 *
 * judge:    host or "-", authentication type, presented, trusted; is answered with: path accepted (true, false or "-"),
 *           SunX509 likewise, accepted, stage or "-", "presented" or "trust" or "-", index, exception, message, cause
 * parse:    a certificate; is answered with the exception that CertificateFactory throws, or nothing
 * settings: no lines; is answered with texts: java.version, jdk.certpath.disabledAlgorithms,
 *           jdk.tls.disabledAlgorithms, and the client's signature algorithms for TLS 1.2
 */
public final class Oracle {
    /** Some certificate, for the Certificate message; nobody looks at it. */
    private static final byte[] ANY = Base64.getDecoder().decode(
        "MIIBHjCBxKADAgECAhAo5/Znt8mkH9jvGnRHtAWzMAoGCCqGSM49BAMCMBExDzANBgNVBAMMBm9yYWNsZTAeFw0yNDAxMDEwMDAwMDBaFw00"
        + "NDAxMDEwMDAwMDBaMBExDzANBgNVBAMMBm9yYWNsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCliA6sc9n6TRL5fy++2BB9SohbNkIVb"
        + "nU6SY5LgEvR03O5IGpzhp6ApMF1L2wq3mGDBDH0fZRbhlcjbCSIJULwwCgYIKoZIzj0EAwIDSQAwRgIhALv+Ogy/5Whyrn1Yn0lpJYj4hH10"
        + "HgjQOL4Aq/InoLRAAiEAuJZTSF4fO8FA/c5aNfAGz1jXUflgo6BJhn2Th/9bmZo=");

    private static final CertificateFactory FACTORY;

    static {
        try {
            FACTORY = CertificateFactory.getInstance("X.509");
        } catch (CertificateException failure) {
            throw new ExceptionInInitializerError(failure);
        }
    }

    private interface Question {
        void ask(SSLEngine engine);
    }

    public static void main(String[] arguments) throws Exception {
        List<String> lines = new ArrayList<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            lines.add(line);
        }
        StringBuilder out = new StringBuilder();
        switch (arguments[0]) {
            case "judge":
                judge(lines, out);
                break;
            case "parse":
                for (String line : lines) {
                    out.append(parseFailure(line)).append('\n');
                }
                break;
            default:
                settings(out);
        }
        System.out.write(out.toString().getBytes(StandardCharsets.US_ASCII));
        System.out.flush();
    }

    private static String parseFailure(String encoded) {
        try {
            parse(encoded, "");
            return "";
        } catch (Unparseable failure) {
            return text(failure.getCause().toString());
        }
    }

    private static void settings(StringBuilder out) throws Exception {
        out.append(text(System.getProperty("java.version"))).append('\n');
        out.append(text(Security.getProperty("jdk.certpath.disabledAlgorithms"))).append('\n');
        out.append(text(Security.getProperty("jdk.tls.disabledAlgorithms"))).append('\n');
        handshake(null, engine -> {
            String[] names = ((ExtendedSSLSession) engine.getHandshakeSession()).getLocalSupportedSignatureAlgorithms();
            out.append(text(String.join(",", names))).append('\n');
        });
    }

    // -- Verdicts -----------------------------------------------------------------------------------------------------

    private static void judge(List<String> lines, StringBuilder out) throws Exception {
        List<Case> cases = new ArrayList<>();
        Map<String, List<Case>> byHost = new LinkedHashMap<>();
        for (String line : lines) {
            cases.add(new Case(line.split("\t", -1)));
        }
        handshake(null, engine -> {
            for (Case each : cases) {
                each.askPath(engine);
            }
        });
        for (Case each : cases) {
            if (each.accepted && !each.host.equals("-")) {
                byHost.computeIfAbsent(each.host, host -> new ArrayList<>()).add(each);
            }
        }
        for (Map.Entry<String, List<Case>> entry : byHost.entrySet()) {
            handshake(new String(Base64.getDecoder().decode(entry.getKey()), StandardCharsets.UTF_8), engine -> {
                for (Case each : entry.getValue()) {
                    each.askHost(engine);
                }
            });
        }
        for (Case each : cases) {
            out.append(each).append('\n');
        }
    }

    private static final class Case {
        final String host;
        private final String authType;
        private final String presented;
        private final String trusted;
        boolean accepted;
        private String path = "-";
        private String simple = "-";
        private String stage = "-";
        private String unparseable = "-";
        private int index = -1;
        private Throwable failure;
        private X509Certificate[] chain;
        private KeyStore store;

        Case(String[] fields) {
            host = fields[0];
            authType = fields[1];
            presented = fields[2];
            trusted = fields[3];
        }

        /** Without a host name. */
        void askPath(SSLEngine engine) {
            // The factory hands out an object that it knows for the same octets, and an object may answer otherwise the
            // second time (an iPAddress that cannot be written). Each case is its client's first.
            forget();
            try {
                chain = parse(presented, "presented").toArray(new X509Certificate[0]);
                store = KeyStore.getInstance("JKS");
                store.load(null, null);
                int count = 0;
                for (X509Certificate certificate : parse(trusted, "trust")) {
                    store.setCertificateEntry("trusted-" + count++, certificate);
                }
            } catch (Unparseable thrown) {
                stage = "parse";
                unparseable = thrown.what;
                index = thrown.index;
                failure = thrown.getCause();
                return;
            } catch (GeneralSecurityException | IOException unexpected) {
                throw new IllegalStateException(unexpected);
            }
            failure = ask("PKIX", engine);
            accepted = failure == null;
            path = String.valueOf(accepted);
            stage = accepted ? "-" : "path";
            simple = String.valueOf(ask("SunX509", engine) == null);
        }

        /** With it, which is not worth while unless the path is accepted. */
        void askHost(SSLEngine engine) {
            failure = ask("PKIX", engine);
            accepted = failure == null;
            stage = accepted ? "-" : "hostname";
        }

        private Throwable ask(String algorithm, SSLEngine engine) {
            try {
                TrustManagerFactory factory = TrustManagerFactory.getInstance(algorithm);
                factory.init(store);
                trustManager(factory).checkServerTrusted(chain, authType, engine);
                return null;
            } catch (Exception | StackOverflowError thrown) {
                return thrown;
            }
        }

        @Override
        public String toString() {
            Throwable innermost = failure;
            while (innermost != null && innermost.getCause() != null) {
                innermost = innermost.getCause();
            }
            return String.join("\t", path, simple, String.valueOf(accepted), stage, unparseable, String.valueOf(index),
                text(failure == null ? "" : failure.getClass().getName()),
                text(failure == null || failure.getMessage() == null ? "" : failure.getMessage()),
                text(innermost == failure ? "" : innermost.toString()));
        }
    }

    private static X509ExtendedTrustManager trustManager(TrustManagerFactory factory) {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager) {
                return (X509ExtendedTrustManager) manager;
            }
        }
        throw new IllegalStateException("no X509ExtendedTrustManager");
    }

    // -- Certificates -------------------------------------------------------------------------------------------------

    private static final class Unparseable extends Exception {
        private static final long serialVersionUID = 1;
        final String what;
        final int index;

        Unparseable(String what, int index, Throwable cause) {
            super(cause);
            this.what = what;
            this.index = index;
        }
    }

    private static List<X509Certificate> parse(String encoded, String what) throws Unparseable {
        List<X509Certificate> found = new ArrayList<>();
        int start = 0;
        for (int end = encoded.indexOf(','); end >= 0; end = encoded.indexOf(',', start)) {
            byte[] der = Base64.getDecoder().decode(encoded.substring(start, end));
            start = end + 1;
            try {
                found.add((X509Certificate) FACTORY.generateCertificate(new ByteArrayInputStream(der)));
            } catch (Exception | StackOverflowError thrown) {
                throw new Unparseable(what, found.size(), thrown);
            }
        }
        return found;
    }

    /** Sun's factory empties its cache when it is given null, and says so by an exception. */
    private static void forget() {
        try {
            FACTORY.generateCertificate(null);
        } catch (CertificateException expected) {
            return;
        }
        throw new IllegalStateException("the CertificateFactory is not Sun's");
    }

    private static String text(String value) {
        return Base64.getEncoder().encodeToString(String.valueOf(value).getBytes(StandardCharsets.UTF_8));
    }

    // -- Handshakes ---------------------------------------------------------------------------------------------------

    /** Leads this JVM's default client, confined to TLS 1.2, to where it asks its trust manager, and asks there. */
    private static void handshake(String host, Question question) throws Exception {
        boolean[] asked = {false};
        TrustManager manager = new Peeping() {
            @Override public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
                question.ask(engine);
                asked[0] = true;
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {manager}, null);
        SSLEngine client = host == null ? context.createSSLEngine() : context.createSSLEngine(host, 443);
        client.setUseClientMode(true);
        client.setEnabledProtocols(new String[] {"TLSv1.2"});
        if (host != null) {
            SSLParameters parameters = client.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            client.setSSLParameters(parameters);
        }
        ByteBuffer record = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        client.wrap(ByteBuffer.allocate(0), record);
        ByteBuffer answer = answer(record.flip());
        while (!asked[0] && answer.hasRemaining()) {
            client.unwrap(answer, ByteBuffer.allocate(client.getSession().getApplicationBufferSize()));
            while (client.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                client.getDelegatedTask().run();
            }
        }
        if (!asked[0]) {
            throw new IllegalStateException("the client does not come to ask for trust, host " + host);
        }
    }

    /** A ServerHello with the client's first cipher suite and no extensions, and a Certificate message. */
    private static ByteBuffer answer(ByteBuffer hello) {
        hello.position(5 + 4 + 2 + 32); // record header, message header, version, random
        hello.position(hello.position() + 1 + Byte.toUnsignedInt(hello.get(hello.position()))); // session identifier
        int suites = hello.getShort() / 2;
        short chosen = 0;
        while (suites-- > 0 && (chosen == 0 || chosen == 0x00FF)) { // 00FF is the signal about renegotiation
            chosen = hello.getShort();
        }
        ByteBuffer answer = ByteBuffer.allocate(1024);
        message(answer, 2, ByteBuffer.allocate(38).putShort((short) 0x0303).put(new byte[32]).put((byte) 0)
            .putShort(chosen).put((byte) 0));
        ByteBuffer list = ByteBuffer.allocate(ANY.length + 6);
        message(answer, 11, length(length(list, ANY.length + 3), ANY.length).put(ANY));
        return answer.flip();
    }

    private static void message(ByteBuffer out, int type, ByteBuffer body) {
        out.put((byte) 22).putShort((short) 0x0303).putShort((short) (body.capacity() + 4));
        length(out.put((byte) type), body.capacity()).put(body.array());
    }

    private static ByteBuffer length(ByteBuffer out, int length) {
        return out.put((byte) (length >> 16)).putShort((short) length);
    }

    /** A trust manager of which only one method is ever called. */
    private abstract static class Peeping extends X509ExtendedTrustManager {
        @Override public void checkClientTrusted(X509Certificate[] c, String a, java.net.Socket s) { unexpected(); }
        @Override public void checkServerTrusted(X509Certificate[] c, String a, java.net.Socket s) { unexpected(); }
        @Override public void checkClientTrusted(X509Certificate[] c, String a, SSLEngine e) { unexpected(); }
        @Override public void checkClientTrusted(X509Certificate[] c, String a) { unexpected(); }
        @Override public void checkServerTrusted(X509Certificate[] c, String a) { unexpected(); }
        @Override public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }

        private static void unexpected() {
            throw new UnsupportedOperationException();
        }
    }
}
