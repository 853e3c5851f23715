import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.security.Security;
import java.security.interfaces.DSAParams;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Date;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import javax.crypto.interfaces.DHPublicKey;
import javax.crypto.spec.DHParameterSpec;
import sun.security.ssl.SSLScope;
import sun.security.util.AlgorithmDecomposer;
import sun.security.util.ConstraintsParameters;
import sun.security.util.CurveDB;
import sun.security.util.DisabledAlgorithmConstraints;
import sun.security.validator.Validator;

/**
 * What this Java's DisabledAlgorithmConstraints says: a question in each line of the standard input, its fields parted by
 * tabs, "-" for one that is not given, and an answer for each.
 *
 * list       property, value, jdk.disabled.namedCurves: the list that the questions after it are about
 * signature  name, hash, MGF's hash, usage, jdkCA
 * key        algorithm, bits, curve, usage, jdkCA
 * name       name, scope
 * suites     nothing: the names of all cipher suites that this Java has an implementation of
 * properties the text of a file, in UTF-16BE and hexadecimal digits
 */
public class Disabled {
    private static final Set<CryptoPrimitive> SIGNATURE = EnumSet.of(CryptoPrimitive.SIGNATURE);
    private static boolean tls;
    private static DisabledAlgorithmConstraints list;

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        // It reads this Java's own lists when it is first used, and those come before the questioner's.
        Class.forName("sun.security.ssl.SSLAlgorithmConstraints");
        for (String line; (line = in.readLine()) != null;) {
            String answer;
            try {
                answer = answer(line.split("\t", -1));
            } catch (Exception thrown) {
                answer = "throws " + thrown.getClass().getName();
            }
            out.println(answer);
        }
        out.flush();
    }

    private static String answer(String[] asked) throws Exception {
        switch (asked[0]) {
            case "list":
                list = null;
                tls = asked[1].equals(DisabledAlgorithmConstraints.PROPERTY_TLS_DISABLED_ALGS);
                Security.setProperty(asked[1], asked[2]);
                Security.setProperty("jdk.disabled.namedCurves", asked[3]);
                list = new DisabledAlgorithmConstraints(asked[1], decomposer());
                return "read";
            case "signature":
                return word(signature(asked[1], asked[2], asked[3], new Path(null, asked[4], asked[5])));
            case "key":
                return word(key(key(asked[1], asked[2], asked[3]), asked[4], asked[5]));
            case "name":
                boolean permitted = list.permits(EnumSet.of(CryptoPrimitive.KEY_AGREEMENT), asked[1], null);
                if (!asked[2].equals("-")) {
                    permitted &= list.permits(asked[1], Set.of(SSLScope.nameOf(asked[2])));
                }
                return word(permitted);
            case "suites":
                return suites();
            case "properties":
                return properties(new String(HexFormat.of().parseHex(asked[1]), StandardCharsets.UTF_16BE));
            default:
                throw new IllegalArgumentException(asked[0]);
        }
    }

    private static String word(boolean permitted) {
        return permitted ? "permits" : "refuses";
    }

    /** SSLAlgorithmConstraints' own: of a cipher suite, jdk.certpath.disabledAlgorithms sees the key exchange only. */
    private static AlgorithmDecomposer decomposer() throws Exception {
        Class<?> kind = Class.forName("sun.security.ssl.SSLAlgorithmDecomposer");
        Constructor<?> made = kind.getDeclaredConstructor(boolean.class);
        made.setAccessible(true);
        return (AlgorithmDecomposer) made.newInstance(!tls);
    }

    /** As AlgorithmChecker.check does: jdk.tls.disabledAlgorithms is asked for the name, the other one for more. */
    private static boolean signature(String name, String hash, String mask, Path path) throws Exception {
        AlgorithmParameters parameters = null;
        if (!hash.equals("-")) {
            MGF1ParameterSpec function = new MGF1ParameterSpec(mask.equals("-") ? hash : mask);
            parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(new PSSParameterSpec(hash, "MGF1", function, 20, 1));
        }
        return list.permits(SIGNATURE, name, parameters) && (tls || permits(name, parameters, path));
    }

    /** The key as that of a certificate, and as that of its issuer. */
    private static boolean key(Key key, String usage, String jdkCa) {
        return list.permits(SIGNATURE, key) && (tls || permits(null, null, new Path(key, usage, jdkCa)));
    }

    private static boolean permits(String name, AlgorithmParameters parameters, Path path) {
        try {
            list.permits(name, parameters, path, true);
            return true;
        } catch (java.security.cert.CertPathValidatorException refused) {
            return false;
        }
    }

    private static Key key(String algorithm, String size, String curve) {
        int bits = size.equals("-") ? 0 : Integer.parseInt(size);
        BigInteger number = bits > 0 ? BigInteger.ONE.shiftLeft(bits - 1) : BigInteger.ZERO;
        switch (algorithm) {
            case "EC":
                return made(ECPublicKey.class, algorithm, CurveDB.lookup(curve), null);
            case "DSA":
                DSAParams of = (DSAParams) Proxy.newProxyInstance(Disabled.class.getClassLoader(),
                        new Class<?>[] {DSAParams.class}, (self, method, with) -> number);
                return made(DSAPublicKey.class, algorithm, size.equals("-") ? null : of, null);
            case "DH":
                return made(DHPublicKey.class, algorithm, new DHParameterSpec(number, BigInteger.TWO), null);
            case "EdDSA":
                return made(EdECPublicKey.class, algorithm, new NamedParameterSpec(curve), null);
            default:
                return made(RSAPublicKey.class, algorithm, null, number);
        }
    }

    private static Key made(Class<? extends Key> kind, String algorithm, Object parameters, BigInteger modulus) {
        return (Key) Proxy.newProxyInstance(Disabled.class.getClassLoader(), new Class<?>[] {kind},
                (self, method, with) -> switch (method.getName()) {
                    case "getAlgorithm" -> algorithm;
                    case "getParams" -> parameters;
                    case "getModulus" -> modulus;
                    default -> null;
                });
    }

    private static String suites() throws Exception {
        Class<?> kind = Class.forName("sun.security.ssl.CipherSuite");
        Field protocols = kind.getDeclaredField("supportedProtocols");
        Field name = kind.getDeclaredField("name");
        protocols.setAccessible(true);
        name.setAccessible(true);
        StringJoiner all = new StringJoiner(" ");
        for (Object suite : kind.getEnumConstants()) {
            if (!((List<?>) protocols.get(suite)).isEmpty()) {
                all.add((String) name.get(suite));
            }
        }
        return all.toString();
    }

    private static String properties(String text) throws Exception {
        Properties read = new Properties();
        read.load(new StringReader(text));
        StringJoiner all = new StringJoiner(" ");
        new TreeMap<>(read).forEach((key, value) -> all.add(hex(key) + "=" + hex(value)));
        return all.toString();
    }

    private static String hex(Object text) {
        return HexFormat.of().formatHex(text.toString().getBytes(StandardCharsets.UTF_16BE));
    }

    private record Path(Key key, String usage, String jdkCa) implements ConstraintsParameters {
        @Override
        public boolean anchorIsJdkCA() {
            return jdkCa.equals("jdkCA");
        }

        @Override
        public Set<Key> getKeys() {
            return key == null ? Set.of() : Set.of(key);
        }

        @Override
        public Date getDate() {
            return null;
        }

        @Override
        public String getVariant() {
            switch (usage) {
                case "TLSServer":
                    return Validator.VAR_TLS_SERVER;
                case "TLSClient":
                    return Validator.VAR_TLS_CLIENT;
                case "SignedJAR":
                    return Validator.VAR_CODE_SIGNING;
                default:
                    return Validator.VAR_GENERIC;
            }
        }

        @Override
        public String extendedExceptionMsg() {
            return "";
        }
    }
}
