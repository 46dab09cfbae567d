---VERTEX SHADER---
#ifdef GL_ES
precision highp float;
#endif
attribute vec3 v_pos;
attribute vec3 v_normal;
uniform mat4 modelview_mat;
uniform mat4 projection_mat;
varying vec3 normal;
varying vec3 place;
varying vec3 up;
void main(void) {
    /* GLSL ES 1.00 has no mat3(mat4) */
    normal = (modelview_mat * vec4(v_normal, 0.0)).xyz;
    place = v_pos;
    up = (modelview_mat * vec4(0.0, 0.0, 1.0, 0.0)).xyz;
    gl_Position = projection_mat * modelview_mat * vec4(v_pos, 1.0);
}
---FRAGMENT SHADER---
#ifdef GL_ES
#ifdef GL_FRAGMENT_PRECISION_HIGH
precision highp float;
#else
precision mediump float;
#endif
#endif
varying vec3 normal;
varying vec3 place;
varying vec3 up;
uniform vec4 base_color;
uniform float lit;
/* height of a printed layer; 0: smooth */
uniform float layer_mm;
/* centre and half size of what stands on the ground; half size 0: no shadow */
uniform vec4 footprint;

float shadow() {
    if (footprint.z <= 0.0) return 0.0;
    vec2 d = abs(place.xy - footprint.xy) / footprint.zw;
    vec2 d2 = d * d;
    float r = sqrt(sqrt(dot(d2, d2)));
    return 0.30 * (1.0 - smoothstep(0.86, 1.16, r));
}

void main(void) {
    if (lit < 0.5) {
        gl_FragColor = vec4(base_color.rgb * (1.0 - shadow()), base_color.a);
        return;
    }
    vec3 n = normalize(normal);
    if (n.z < 0.0) n = -n;
    if (layer_mm > 0.0) {
        float steep = 1.0 - abs(dot(n, up));
        n = normalize(n + up * (0.34 * steep * sin(6.2831853 * place.z / layer_mm)));
    }
    float key = max(dot(n, vec3(-0.36, 0.62, 0.70)), 0.0);
    float sky = 0.5 + 0.5 * n.y;
    float shine = max(dot(n, vec3(-0.19, 0.33, 0.925)), 0.0);
    shine *= shine;
    shine *= shine;
    shine *= shine;
    shine *= shine * shine;
    vec3 colour = base_color.rgb * (0.46 + 0.54 * key + 0.12 * sky) + vec3(0.10 * shine);
    gl_FragColor = vec4(colour, base_color.a);
}
