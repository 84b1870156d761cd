// SPDX-License-Identifier: Apache-2.0
#include "her2/stats/student.h"

#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace her2 {

double student_cdf(double t, double df) { return cdf(boost::math::students_t(df), t); }

double student_quantile(double p, double df) { return quantile(boost::math::students_t(df), p); }

double fisher_quantile(double p, double df1, double df2) { return quantile(boost::math::fisher_f(df1, df2), p); }

}  // namespace her2
