import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;

/**
 * What this JVM's own PKIX validator for TLS servers says of a chain.
 *
 * Reads lines "AUTHTYPE CERTIFICATE ... ANCHOR", the certificates in base64 of their DER, the server's first and the only
 * trusted one last, and answers each with "accepted", "refused MESSAGE" or "unparseable MESSAGE". Revocation is off, as
 * it is in a trust manager. Certificates that are not in order are sorted by SunCertPathBuilder.
 *
 * java --add-opens java.base/sun.security.validator=ALL-UNNAMED Constraints.java
 */
public final class Constraints {
    public static void main(String[] arguments) throws Exception {
        Class<?> validators = Class.forName("sun.security.validator.Validator");
        Method make = validators.getMethod("getInstance", String.class, String.class, Collection.class);
        make.setAccessible(true);
        Method validate = validators.getMethod("validate", X509Certificate[].class, Collection.class, Object.class);
        validate.setAccessible(true);
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        StringBuilder out = new StringBuilder();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.append(answer(make, validate, factory, line.split(" ")).replace('\n', ' ')).append('\n');
        }
        System.out.write(out.toString().getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    private static String answer(Method make, Method validate, CertificateFactory factory, String[] words)
            throws IllegalAccessException {
        X509Certificate[] read = new X509Certificate[words.length - 1];
        try {
            for (int i = 0; i < read.length; i++) {
                byte[] der = Base64.getDecoder().decode(words[i + 1]);
                read[i] = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
            }
        } catch (CertificateException failure) {
            return "unparseable " + failure.getMessage();
        }
        X509Certificate[] chain = Arrays.copyOf(read, read.length - 1);
        try {
            Object validator =
                make.invoke(null, "PKIX", "tls server", Collections.singleton(read[read.length - 1]));
            validate.invoke(validator, chain, null, words[0]);
            return "accepted";
        } catch (InvocationTargetException failure) {
            StringBuilder said = new StringBuilder("refused");
            for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
                said.append(' ').append(cause);
            }
            return said.toString();
        }
    }
}
